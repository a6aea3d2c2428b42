// Announcements to screen readers: when work takes long, and when it is done.

const SHORT_MS = 1000; // of work that is done before it could be told of, such as a look at how far a job is
const WORKING = "Working";
const READY = "Ready";

/**
 * Tell of work that is not done at once, and when it is: screen readers do not see the sign that Streamlit shows.
 *
 * @param {(text: string) => void} tell
 * @param {typeof setTimeout} later
 * @returns {(isRunning: boolean) => void} to be called whenever a page's script starts or ends
 */
export function tellOfWork(tell, later = setTimeout) {
  let changes = 0;
  let wasRunning = false;
  let isTold = false;
  return (isRunning) => {
    if (isRunning === wasRunning) return;
    wasRunning = isRunning;
    const change = ++changes;
    if (isTold) tell(READY);
    isTold = false;
    if (!isRunning) return;
    later(() => {
      if (change !== changes) return; // it has ended
      isTold = true;
      tell(WORKING);
    }, SHORT_MS);
  };
}

/** Tell screen readers when the script of a page takes long, and when it has ended. */
export function announceWork() {
  const status = document.createElement("div");
  status.className = "announcement";
  status.setAttribute("role", "status");
  document.body.append(status);
  const app = document.querySelector(".stApp");
  const onChange = tellOfWork((text) => (status.textContent = text));
  const observer = new MutationObserver(() => onChange(app?.getAttribute("data-test-script-state") === "running"));
  if (app) observer.observe(app, { attributeFilter: ["data-test-script-state"] });
}
