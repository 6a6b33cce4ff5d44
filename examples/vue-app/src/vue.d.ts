// For tools that don't read single-file components, such as typescript-eslint; vue-tsc knows the types of each.
declare module "*.vue" {
  import type { Component } from "vue";

  const component: Component;
  export default component;
}
