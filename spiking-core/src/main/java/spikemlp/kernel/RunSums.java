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
   * out[at + j] = begin[beginAt + j] + Σ from[base + list[n]·step + j], n from {@code start} to
   * {@code end}, j from 0 to {@code length}; {@code begin} may be {@code out}.
   *
   * @param step from run to run
   * @param length of a run, whole vectors
   */
  static void add(
      float[] from,
      int base,
      int step,
      int length,
      int[] list,
      int start,
      int end,
      float[] begin,
      int beginAt,
      float[] out,
      int at) {
    int j = 0;
    while (j < length) {
      int vectors = FIRST[Math.min(MOST, (length - j) / LANES)];
      switch (vectors) {
        case 12 ->
            addTwelve(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        case 8 -> addEight(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        case 6 -> addSix(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        case 4 -> addFour(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        case 3 -> addThree(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        case 2 -> addTwo(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
        default -> addOne(from, base + j, step, list, start, end, begin, beginAt + j, out, at + j);
      }
      j += vectors * LANES;
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  private static void addTwelve(
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    FloatVector c = load(begin, first + 2 * LANES);
    FloatVector d = load(begin, first + 3 * LANES);
    FloatVector e = load(begin, first + 4 * LANES);
    FloatVector f = load(begin, first + 5 * LANES);
    FloatVector g = load(begin, first + 6 * LANES);
    FloatVector h = load(begin, first + 7 * LANES);
    FloatVector i = load(begin, first + 8 * LANES);
    FloatVector j = load(begin, first + 9 * LANES);
    FloatVector k = load(begin, first + 10 * LANES);
    FloatVector l = load(begin, first + 11 * LANES);
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
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    FloatVector c = load(begin, first + 2 * LANES);
    FloatVector d = load(begin, first + 3 * LANES);
    FloatVector e = load(begin, first + 4 * LANES);
    FloatVector f = load(begin, first + 5 * LANES);
    FloatVector g = load(begin, first + 6 * LANES);
    FloatVector h = load(begin, first + 7 * LANES);
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
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    FloatVector c = load(begin, first + 2 * LANES);
    FloatVector d = load(begin, first + 3 * LANES);
    FloatVector e = load(begin, first + 4 * LANES);
    FloatVector f = load(begin, first + 5 * LANES);
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
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    FloatVector c = load(begin, first + 2 * LANES);
    FloatVector d = load(begin, first + 3 * LANES);
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
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    FloatVector c = load(begin, first + 2 * LANES);
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
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    FloatVector b = load(begin, first + LANES);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
      b = b.add(load(from, run + LANES));
    }
    a.intoArray(out, at);
    b.intoArray(out, at + LANES);
  }

  private static void addOne(
      float[] from,
      int base,
      int step,
      int[] list,
      int start,
      int end,
      float[] begin,
      int first,
      float[] out,
      int at) {
    FloatVector a = load(begin, first);
    for (int n = start; n < end; n++) {
      int run = base + list[n] * step;
      a = a.add(load(from, run));
    }
    a.intoArray(out, at);
  }
}
