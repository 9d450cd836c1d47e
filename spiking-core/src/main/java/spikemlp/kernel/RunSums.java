package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of runs of numbers that a list names, in the list's order: the sums of as many vectors as
 * fit stay in registers while the list passes. A list passes as seldom as it can, for one vector
 * alone waits for each addition to end before the next begins.
 */
final class RunSums {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  /** Vectors whose sums are in registers at once. */
  static final int MOST = 12;

  /** How many vectors go first of so many: never all but one. */
  private static final int[] FIRST = {0, 1, 2, 3, 4, 3, 6, 4, 8, 6, 6, 8, MOST};

  private RunSums() {}

  /**
   * out[at + j] += Σ from[base + list[n]·step + j], n from {@code start} to {@code end}, j from 0
   * to {@code step}.
   *
   * @param step numbers of a run, whole vectors
   */
  static void add(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    if (start == end) {
      return;
    }
    int j = 0;
    while (j < step) {
      int vectors = FIRST[Math.min(MOST, (step - j) / LANES)];
      switch (vectors) {
        case 12 -> addTwelve(from, base + j, step, list, start, end, out, at + j);
        case 8 -> addEight(from, base + j, step, list, start, end, out, at + j);
        case 6 -> addSix(from, base + j, step, list, start, end, out, at + j);
        case 4 -> addFour(from, base + j, step, list, start, end, out, at + j);
        case 3 -> addThree(from, base + j, step, list, start, end, out, at + j);
        case 2 -> addTwo(from, base + j, step, list, start, end, out, at + j);
        default -> addOne(from, base + j, step, list, start, end, out, at + j);
      }
      j += vectors * LANES;
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  private static void addTwelve(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    FloatVector c = load(out, at + 2 * LANES);
    FloatVector d = load(out, at + 3 * LANES);
    FloatVector e = load(out, at + 4 * LANES);
    FloatVector f = load(out, at + 5 * LANES);
    FloatVector g = load(out, at + 6 * LANES);
    FloatVector h = load(out, at + 7 * LANES);
    FloatVector i = load(out, at + 8 * LANES);
    FloatVector j = load(out, at + 9 * LANES);
    FloatVector k = load(out, at + 10 * LANES);
    FloatVector l = load(out, at + 11 * LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
      c = c.add(load(from, run + 2 * LANES));
      d = d.add(load(from, run + 3 * LANES));
      e = e.add(load(from, run + 4 * LANES));
      f = f.add(load(from, run + 5 * LANES));
      g = g.add(load(from, run + 6 * LANES));
      h = h.add(load(from, run + 7 * LANES));
      i = i.add(load(from, run + 8 * LANES));
      j = j.add(load(from, run + 9 * LANES));
      k = k.add(load(from, run + 10 * LANES));
      l = l.add(load(from, run + 11 * LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
    c.intoArray(out, at + 2 * LANES);
    d.intoArray(out, at + 3 * LANES);
    e.intoArray(out, at + 4 * LANES);
    f.intoArray(out, at + 5 * LANES);
    g.intoArray(out, at + 6 * LANES);
    h.intoArray(out, at + 7 * LANES);
    i.intoArray(out, at + 8 * LANES);
    j.intoArray(out, at + 9 * LANES);
    k.intoArray(out, at + 10 * LANES);
    l.intoArray(out, at + 11 * LANES);
  }

  private static void addEight(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    FloatVector c = load(out, at + 2 * LANES);
    FloatVector d = load(out, at + 3 * LANES);
    FloatVector e = load(out, at + 4 * LANES);
    FloatVector f = load(out, at + 5 * LANES);
    FloatVector g = load(out, at + 6 * LANES);
    FloatVector h = load(out, at + 7 * LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
      c = c.add(load(from, run + 2 * LANES));
      d = d.add(load(from, run + 3 * LANES));
      e = e.add(load(from, run + 4 * LANES));
      f = f.add(load(from, run + 5 * LANES));
      g = g.add(load(from, run + 6 * LANES));
      h = h.add(load(from, run + 7 * LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
    c.intoArray(out, at + 2 * LANES);
    d.intoArray(out, at + 3 * LANES);
    e.intoArray(out, at + 4 * LANES);
    f.intoArray(out, at + 5 * LANES);
    g.intoArray(out, at + 6 * LANES);
    h.intoArray(out, at + 7 * LANES);
  }

  private static void addSix(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    FloatVector c = load(out, at + 2 * LANES);
    FloatVector d = load(out, at + 3 * LANES);
    FloatVector e = load(out, at + 4 * LANES);
    FloatVector f = load(out, at + 5 * LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
      c = c.add(load(from, run + 2 * LANES));
      d = d.add(load(from, run + 3 * LANES));
      e = e.add(load(from, run + 4 * LANES));
      f = f.add(load(from, run + 5 * LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
    c.intoArray(out, at + 2 * LANES);
    d.intoArray(out, at + 3 * LANES);
    e.intoArray(out, at + 4 * LANES);
    f.intoArray(out, at + 5 * LANES);
  }

  private static void addFour(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    FloatVector c = load(out, at + 2 * LANES);
    FloatVector d = load(out, at + 3 * LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
      c = c.add(load(from, run + 2 * LANES));
      d = d.add(load(from, run + 3 * LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
    c.intoArray(out, at + 2 * LANES);
    d.intoArray(out, at + 3 * LANES);
  }

  private static void addThree(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    FloatVector c = load(out, at + 2 * LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
      c = c.add(load(from, run + 2 * LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
    c.intoArray(out, at + 2 * LANES);
  }

  private static void addTwo(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    FloatVector b = load(out, at + LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
  }

  private static void addOne(
      float[] from, int base, int step, int[] list, int start, int end, float[] out, int at) {
    FloatVector a = load(out, at);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
    }
    a.intoArray(out, at);
  }
}
