export function App() {
  return <h1>SpikeMLP</h1>;
}
