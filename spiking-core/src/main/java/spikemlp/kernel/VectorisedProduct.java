package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product of packed spikes, event by event: for each one that fired, a run of weights is added
 * to a group of outputs, which stay in registers over the spikes of a row's span of inputs. The
 * weights of a span and a group of outputs lie together in a panel, which stays in the second-level
 * cache while a block of rows passes. Spans are long: where few fire, beginning and ending a run of
 * additions costs more than the additions.
 *
 * <p>The weights' gradient is the same with rows and inputs changed over: for each input, the rows
 * of δY in which it fired.
 */
final class VectorisedProduct implements SpikeProduct {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int WORD = Long.SIZE;

  /** Outputs of a group: what the registers hold at once. */
  private static final int GROUP = Math.max(96, RunSums.MOST * LANES);

  /** Words of a span: with a group of outputs 144 KiB of weights. */
  private static final int SPAN = 576 / GROUP;

  /** Rows of δY at a time, in words: with a group of outputs 192 KiB. */
  private static final int ROW_WORDS = 768 / GROUP;

  /** From this share of spikes on, adding zeros as well is faster than looking for the spikes. */
  private static final double DENSE = 0.7;

  /** Where the sums of a row begin. */
  private static final float[] ZEROS = new float[GROUP + Scratch.SLACK];

  private final Tensor weights;
  private final Part[] parts;
  private final PackedSpikes[] inputs;
  private final int outputs;
  private final int words;
  private final int connections;
  private final int[] partWord;
  private final int[] wordPart;
  private final float[] panels;
  private final float[][] gradients;

  VectorisedProduct(Tensor weights, List<Part> parts, int outputs, int slices) {
    this.weights = weights;
    this.parts = parts.toArray(Part[]::new);
    this.inputs = parts.stream().map(Part::x).toArray(PackedSpikes[]::new);
    this.outputs = outputs;
    this.partWord = new int[inputs.length + 1];
    int all = 0;
    for (int p = 0; p < inputs.length; p++) {
      partWord[p + 1] = partWord[p] + inputs[p].rowWords();
      all += this.parts[p].inputs();
    }
    this.words = partWord[inputs.length];
    this.wordPart = new int[words];
    for (int k = 0, p = 0; k < words; k++) {
      while (partWord[p + 1] <= k) {
        p++;
      }
      wordPart[k] = p;
    }
    this.connections = all;
    this.panels = new float[panelStart(groups(), 0) + Scratch.SLACK];
    this.gradients = new float[slices][];
  }

  private int groups() {
    return (outputs + GROUP - 1) / GROUP;
  }

  /** Outputs of a group, and with what fills up the last vector. */
  private int groupOutputs(int group) {
    return Math.min(GROUP, outputs - group * GROUP);
  }

  private int groupWidth(int group) {
    return (groupOutputs(group) + LANES - 1) / LANES * LANES;
  }

  private int panelStart(int group, int word) {
    int before = Scratch.START + group * GROUP * words * WORD;
    return group == groups()
        ? Scratch.START + wholeWidth() * words * WORD
        : before + word * WORD * groupWidth(group);
  }

  private int wholeWidth() {
    return (groups() - 1) * GROUP + groupWidth(groups() - 1);
  }

  @Override
  public void prepare(int piece, int pieces) {
    forEachInput(
        piece,
        pieces,
        (weight, inputs, panel, count) -> {
          for (int o = 0; o < count; o++) {
            long at = (weight + (long) o * inputs) * Float.BYTES;
            panels[panel + o] = weights.segment().get(FLOAT, at);
          }
        });
  }

  private interface Run {
    /**
     * One input's {@code count} weights: {@code inputs} apart among the weights, a run of a panel.
     */
    void at(long weight, int inputs, int panel, int count);
  }

  private void forEachInput(int piece, int pieces, Run run) {
    for (int p = 0; p < parts.length; p++) {
      PackedSpikes x = inputs[p];
      int in = parts[p].inputs();
      int first = (int) ((long) in * piece / pieces);
      int end = (int) ((long) in * (piece + 1) / pieces);
      for (int g = 0; g < groups(); g++) {
        for (int i = first; i < end; i++) {
          int bit = i / x.width() * x.slotWords() * WORD + i % x.width();
          int panel = panelStart(g, partWord[p]) + bit * groupWidth(g);
          run.at(parts[p].weight() + (long) g * GROUP * in + i, in, panel, groupOutputs(g));
        }
      }
    }
  }

  @Override
  public void forward(long firstRow, int rows, Tensor y, int sample, Optional<Moments> moments) {
    Scratch scratch = Scratch.ofThread();
    for (int from = 0; from < rows; from += BLOCK) {
      block(scratch, firstRow + from, Math.min(BLOCK, rows - from), y, sample, moments);
    }
  }

  private void block(
      Scratch scratch, long firstRow, int rows, Tensor y, int sample, Optional<Moments> moments) {
    int[] fired = scratch.fired(rows * words * WORD + SpikeList.SLACK);
    int[] starts = scratch.starts(rows * spans() + 1);
    int count = list(firstRow, rows, fired, starts);
    boolean dense = count > DENSE * rows * connections;
    float[] out = scratch.floats(0, rows * GROUP);
    for (int g = 0; g < groups(); g++) {
      int gw = groupWidth(g);
      if (dense) {
        Arrays.fill(out, Scratch.START, Scratch.START + rows * gw, 0f);
        for (int k = 0; k < words; k++) {
          denseWord(scratch, firstRow, rows, k, panelStart(g, k), gw, out);
        }
      } else {
        for (int span = 0; span < spans(); span++) {
          int panel = panelStart(g, span * SPAN);
          float[] begin = span == 0 ? ZEROS : out;
          for (int r = 0; r < rows; r++) {
            int list = span * rows + r;
            int to = row(r, gw);
            int from = span == 0 ? Scratch.START : to;
            RunSums.add(
                panels, panel, gw, gw, fired, starts[list], starts[list + 1], begin, from, out, to);
          }
        }
      }
      if (moments.isPresent()) {
        BlockMoments.add(scratch, out, rows, gw, g * GROUP, sample, moments.get());
      }
      copyOut(out, rows, gw, g, y.segment(), firstRow);
    }
  }

  /** Where a row of a block begins. */
  private static int row(int r, int gw) {
    return Scratch.START + r * gw;
  }

  private int spans() {
    return (words + SPAN - 1) / SPAN;
  }

  /** Lists the bits that fired within their span, span by span and in each row by row. */
  private int list(long firstRow, int rows, int[] fired, int[] starts) {
    int count = 0;
    int at = 0;
    for (int first = 0; first < words; first += SPAN) {
      int end = Math.min(first + SPAN, words);
      for (int r = 0; r < rows; r++) {
        starts[at++] = count;
        for (int k = first; k < end; k++) {
          count = SpikeList.append(word(firstRow + r, k), (k - first) * WORD, fired, count);
        }
      }
    }
    starts[at] = count;
    return count;
  }

  /** Word {@code k} of a row's inputs. */
  private long word(long row, int k) {
    int part = wordPart[k];
    PackedSpikes x = inputs[part];
    return x.words()[x.at(row) + k - partWord[part]];
  }

  private void copyOut(float[] out, int rows, int gw, int group, MemorySegment y, long firstRow) {
    if (gw == outputs) {
      long to = firstRow * outputs * Float.BYTES;
      MemorySegment.copy(out, Scratch.START, y, FLOAT, to, rows * outputs);
      return;
    }
    int count = groupOutputs(group);
    for (int r = 0; r < rows; r++) {
      long to = ((firstRow + r) * outputs + (long) group * GROUP) * Float.BYTES;
      MemorySegment.copy(out, row(r, gw), y, FLOAT, to, count);
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  /** One word's inputs for a block of rows, zeros multiplied as well; the same bits. */
  private void denseWord(
      Scratch scratch, long firstRow, int rows, int word, int panel, int gw, float[] out) {
    float[] s = scratch.floats(1, BLOCK * WORD);
    for (int r = 0; r < rows; r++) {
      long bits = word(firstRow + r, word);
      for (int i = 0; i < WORD; i++) {
        s[r * WORD + i] = bits >>> i & 1;
      }
    }
    for (int r = 0; r < rows; r += 4) {
      int last = Math.min(4, rows - r) - 1;
      for (int o = 0; o < gw; o += LANES) {
        fourRows(s, r, last, panel + o, gw, out, row(r, gw) + o);
      }
    }
  }

  private void fourRows(float[] s, int r, int last, int panel, int gw, float[] out, int at) {
    int at1 = at + Math.min(1, last) * gw;
    int at2 = at + Math.min(2, last) * gw;
    int at3 = at + last * gw;
    int s0 = r * WORD;
    int s1 = (r + Math.min(1, last)) * WORD;
    int s2 = (r + Math.min(2, last)) * WORD;
    int s3 = (r + last) * WORD;
    FloatVector a = load(out, at);
    FloatVector b = load(out, at1);
    FloatVector c = load(out, at2);
    FloatVector d = load(out, at3);
    for (int i = 0; i < WORD; i++) {
      FloatVector weight = load(panels, panel + i * gw);
      a = weight.fma(FloatVector.broadcast(S, s[s0 + i]), a);
      b = weight.fma(FloatVector.broadcast(S, s[s1 + i]), b);
      c = weight.fma(FloatVector.broadcast(S, s[s2 + i]), c);
      d = weight.fma(FloatVector.broadcast(S, s[s3 + i]), d);
    }
    a.intoArray(out, at);
    b.intoArray(out, at1);
    c.intoArray(out, at2);
    d.intoArray(out, at3);
  }

  @Override
  public void clearGradient(int slice) {
    if (gradients[slice] == null) {
      gradients[slice] = new float[panels.length];
    } else {
      Arrays.fill(gradients[slice], 0f);
    }
  }

  @Override
  public void weightGradient(int slice, OutputGradient dy, long firstRow, int rows) {
    int most = ROW_WORDS * WORD;
    for (int from = 0; from < rows; from += most) {
      gradientBlock(
          gradients[slice],
          (VectorisedOutputGradient) dy,
          from,
          firstRow + from,
          Math.min(most, rows - from));
    }
  }

  private void gradientBlock(
      float[] gradient, VectorisedOutputGradient dy, int dyRow, long firstRow, int rows) {
    Scratch scratch = Scratch.ofThread();
    int[] fired = scratch.fired(words * WORD * rows + SpikeList.SLACK);
    int[] starts = scratch.starts(words * WORD + 1);
    listByInput(scratch.bits(ROW_WORDS * WORD), firstRow, rows, fired, starts);
    float[] numbers = dy.numbers();
    int step = dy.step();
    for (int g = 0; g < groups(); g++) {
      int gw = groupWidth(g);
      int from = dy.at(dyRow) + g * GROUP;
      int panel = panelStart(g, 0);
      for (int i = 0; i < words * WORD; i++) {
        if (starts[i] < starts[i + 1]) {
          int to = panel + i * gw;
          RunSums.add(
              numbers, from, step, gw, fired, starts[i], starts[i + 1], gradient, to, gradient, to);
        }
      }
    }
  }

  /** Lists for each input the rows of the block in which it fired. */
  private void listByInput(long[] bits, long firstRow, int rows, int[] fired, int[] starts) {
    int count = 0;
    int at = 0;
    int rowWords = (rows + WORD - 1) / WORD;
    for (int k = 0; k < words; k++) {
      Arrays.fill(bits, rows, rowWords * WORD, 0L);
      for (int r = 0; r < rows; r++) {
        bits[r] = word(firstRow + r, k);
      }
      for (int q = 0; q < rowWords; q++) {
        SpikeList.transpose(bits, q * WORD);
      }
      for (int i = 0; i < WORD; i++) {
        starts[at++] = count;
        for (int q = 0; q < rowWords; q++) {
          count = SpikeList.append(bits[q * WORD + i], q * WORD, fired, count);
        }
      }
    }
    starts[at] = count;
  }

  @Override
  public void finishGradient(Tensor to, int piece, int pieces) {
    float[] sums = gradients[0];
    forEachInput(
        piece,
        pieces,
        (weight, inputs, panel, count) -> {
          for (int slice = 1; slice < gradients.length; slice++) {
            addTo(sums, gradients[slice], panel, count);
          }
          for (int o = 0; o < count; o++) {
            long at = (weight + (long) o * inputs) * Float.BYTES;
            to.segment().set(FLOAT, at, sums[panel + o]);
          }
        });
  }

  /** sums += more, whole vectors of a panel. */
  private static void addTo(float[] sums, float[] more, int from, int count) {
    for (int o = from; o < from + count; o += LANES) {
      load(sums, o).add(load(more, o)).intoArray(sums, o);
    }
  }
}
