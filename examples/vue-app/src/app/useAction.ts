import { type Ref, ref, type ShallowRef, shallowRef } from "vue";

type UseAction = {
  run(work: () => Promise<unknown>): Promise<boolean>;
  isBusy: Readonly<Ref<boolean>>;
  error: Readonly<ShallowRef<unknown>>;
};

/** Runs what the user asked for, one at a time: whether it runs, and why the last one failed. */
export function useAction(): UseAction {
  const isBusy = ref(false);
  const error = shallowRef<unknown>();

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true;
    error.value = undefined;
    try {
      await work();
      return true;
    } catch (failure) {
      error.value = failure;
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  return { run, isBusy, error };
}
