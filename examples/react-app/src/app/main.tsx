import { createMessenger } from "@xmtp-backup/example-messenger";
import "@xmtp-backup/example-messenger/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";

const element = document.getElementById("app");
if (element)
  createRoot(element).render(
    <StrictMode>
      <App messenger={createMessenger()} />
    </StrictMode>,
  );
