// Starts `lzn lsp` and connects it to the editor. No build step.

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate() {
  const command = workspace.getConfiguration("lzn").get("command");
  client = new LanguageClient(
    "lzn",
    "lzn",
    { command, args: ["lsp"] },
    { documentSelector: [{ language: "lzn" }] },
  );
  return client.start();
}

function deactivate() {
  return client && client.stop();
}

module.exports = { activate, deactivate };
