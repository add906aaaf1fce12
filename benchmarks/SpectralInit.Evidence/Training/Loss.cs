namespace SpectralInit.Evidence;

/// <summary>What training lowers and what tests measure: cross-entropy and accuracy for classes, squared error and R² for numbers.</summary>
internal abstract class Loss
{
    public static Loss For(LabeledRows rows) => rows.IsRegression ? new SquaredError() : new CrossEntropy();

    /// <summary>Sum of the losses of output rows, whose row i belongs to sample <c>samples[i]</c>; gradient of their mean, unless the span is empty.</summary>
    public abstract double Gradient(ReadOnlySpan<float> output, LabeledRows rows, ReadOnlySpan<int> samples, Span<float> gradient);

    /// <summary>Mean loss and score, in percent, over all rows: accuracy, or R². A network that has left the finite numbers scores 0.</summary>
    public Evaluation Evaluate(Network network, LabeledRows rows)
    {
        float[] outputs = network.Activations(rows, network.Layers.Count);
        int[] samples = new int[rows.Count];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = i;
        double loss = Gradient(outputs, rows, samples, []) / Math.Max(1, rows.Count);
        return double.IsFinite(loss) ? new Evaluation(loss, Score(outputs, rows)) : new Evaluation(double.NaN, 0);
    }

    protected abstract double Score(ReadOnlySpan<float> outputs, LabeledRows rows);

    private sealed class CrossEntropy : Loss
    {
        public override double Gradient(ReadOnlySpan<float> output, LabeledRows rows, ReadOnlySpan<int> samples, Span<float> gradient)
        {
            int classes = rows.Outputs;
            double total = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                ReadOnlySpan<float> logits = output.Slice(i * classes, classes);
                int label = rows.Labels[samples[i]];
                float max = float.NegativeInfinity;
                foreach (float logit in logits)
                    max = MathF.Max(max, logit);
                float sum = 0;
                foreach (float logit in logits)
                    sum += MathF.Exp(logit - max);
                total += Math.Log(sum) + max - logits[label];
                if (gradient.IsEmpty)
                    continue;
                Span<float> row = gradient.Slice(i * classes, classes);
                for (int c = 0; c < classes; c++)
                    row[c] = ((MathF.Exp(logits[c] - max) / sum) - (c == label ? 1 : 0)) / samples.Length;
            }

            return total;
        }

        protected override double Score(ReadOnlySpan<float> outputs, LabeledRows rows)
        {
            int hits = 0;
            for (int i = 0; i < rows.Count; i++)
            {
                if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(outputs.Slice(i * rows.Outputs, rows.Outputs)) == rows.Labels[i])
                    hits++;
            }

            return 100.0 * hits / Math.Max(1, rows.Count);
        }
    }

    // ½‖y − t‖² per row.
    private sealed class SquaredError : Loss
    {
        public override double Gradient(ReadOnlySpan<float> output, LabeledRows rows, ReadOnlySpan<int> samples, Span<float> gradient)
        {
            int width = rows.Outputs;
            double total = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                for (int c = 0; c < width; c++)
                {
                    float error = output[(i * width) + c] - rows.Targets[(samples[i] * width) + c];
                    total += 0.5 * error * error;
                    if (!gradient.IsEmpty)
                        gradient[(i * width) + c] = error / samples.Length;
                }
            }

            return total;
        }

        protected override double Score(ReadOnlySpan<float> outputs, LabeledRows rows)
        {
            double residual = 0, total = 0;
            for (int c = 0; c < rows.Outputs; c++)
            {
                double mean = 0;
                for (int i = 0; i < rows.Count; i++)
                    mean += rows.Targets[(i * rows.Outputs) + c] / (double)rows.Count;
                for (int i = 0; i < rows.Count; i++)
                {
                    double target = rows.Targets[(i * rows.Outputs) + c];
                    residual += (outputs[(i * rows.Outputs) + c] - target) * (outputs[(i * rows.Outputs) + c] - target);
                    total += (target - mean) * (target - mean);
                }
            }

            // Floored: a net that predicts worse than the mean tells no more by how much.
            return total > 0 ? Math.Max(0, 100 * (1 - (residual / total))) : 0;
        }
    }
}
