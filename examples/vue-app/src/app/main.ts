import { createMessenger } from "@xmtp-backup/example-messenger";
import "@xmtp-backup/example-messenger/styles.css";
import { createApp } from "vue";
import App from "./App.vue";

createApp(App, { messenger: createMessenger() }).mount("#app");
