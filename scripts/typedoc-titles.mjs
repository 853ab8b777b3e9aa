// A TypeDoc plugin: a guide is called by its heading; its address stays that of its file.
import { RendererEvent } from 'typedoc';

export function load(app) {
  app.renderer.on(RendererEvent.BEGIN, ({ project }) => {
    for (const document of project.documents ?? []) {
      document.name = /^# (.+)/.exec(document.content[0].text)?.[1] ?? document.name;
    }
  });
}
