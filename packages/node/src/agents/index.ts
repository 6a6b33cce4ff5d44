export type { AgentBackupsOptions } from "./agentOptions.ts";
export type { AgentClient, AgentMessage, AgentMiddleware, BackUpableAgent } from "./agentShape.ts";
export { backUpAgent, type BackedUpAgent, type StopAgentOptions } from "./backUpAgent.ts";
export { envKeys, type EnvKeysOptions } from "./envKeys.ts";
