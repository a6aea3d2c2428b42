// Film strips played side by side: every strip shows the same step, so that they can be compared.
// data: {steps, films: [{title, strip (address of all frames in a row), names (of each step)}]}

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector);
  const [stage, button, slider, speed, place] = [".stage", ".play", ".place", ".speed", ".count"].map(find);
  const films = data.films.map(({ title, strip, names }) => {
    const figure = document.createElement("figure");
    const screen = document.createElement("div"), heading = document.createElement("b"), name = document.createElement("span");
    screen.className = "screen";
    screen.style.backgroundImage = `url("${strip}")`;
    screen.style.backgroundSize = `${100 * data.steps}% 100%`;
    screen.setAttribute("role", "img");
    heading.textContent = title;
    figure.append(heading, screen, name);
    return { figure, screen, name, names };
  });
  stage.replaceChildren(...films.map((film) => film.figure));
  slider.max = data.steps - 1;

  function show(step) {
    slider.value = step;
    place.textContent = `${step + 1} of ${data.steps}`;
    for (const { screen, name, names } of films) {
      screen.style.backgroundPosition = `${(100 * step) / (data.steps - 1)}% 0`;
      name.textContent = names[step];
      screen.setAttribute("aria-label", names[step]);
    }
  }

  // Kept from films to films: this function runs anew for each, and a timer left running would play against the next.
  const state = (parentElement.player ??= { timer: null, ahead: 1 });

  function tick() {
    const step = Number(slider.value);
    if (step + state.ahead < 0 || step + state.ahead >= data.steps) state.ahead = -state.ahead; // there and back again
    show(step + state.ahead);
  }

  function play(on) {
    clearInterval(state.timer);
    state.timer = on ? setInterval(tick, 1000 / Number(speed.value)) : null;
    button.textContent = on ? "Pause" : "Play";
    button.setAttribute("aria-pressed", on);
  }

  button.onclick = () => play(!state.timer);
  speed.onchange = () => state.timer && play(true);
  slider.oninput = () => {
    play(false);
    show(Number(slider.value));
  };
  slider.onkeydown = (event) => {
    if (event.key !== " ") return; // the arrows are the slider's own
    event.preventDefault();
    play(!state.timer);
  };
  show(Math.min(Number(slider.value), data.steps - 1));
  play(Boolean(state.timer)); // new films go on playing
  return () => clearInterval(state.timer);
}
