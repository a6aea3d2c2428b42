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

  let timer = null;
  let ahead = 1; // there and back again

  function tick() {
    const step = Number(slider.value);
    if (step + ahead < 0 || step + ahead >= data.steps) ahead = -ahead;
    show(step + ahead);
  }

  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(tick, 1000 / Number(speed.value)) : null;
    button.textContent = on ? "Pause" : "Play";
    button.setAttribute("aria-pressed", on);
    parentElement.playing = on; // new films go on playing
  }

  button.onclick = () => play(!timer);
  speed.onchange = () => timer && play(true);
  slider.oninput = () => {
    play(false);
    show(Number(slider.value));
  };
  slider.onkeydown = (event) => {
    if (event.key !== " ") return; // the arrows are the slider's own
    event.preventDefault();
    play(!timer);
  };
  show(Math.min(Number(slider.value), data.steps - 1));
  play(Boolean(parentElement.playing));
  return () => clearInterval(timer);
}
