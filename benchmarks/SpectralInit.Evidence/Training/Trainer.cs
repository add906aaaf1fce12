using System.Diagnostics;

namespace SpectralInit.Evidence;

/// <summary>Minibatch training. The batches are a pure function of the seed and the number of rows, so runs with one seed are paired.</summary>
internal static class Trainer
{
    /// <summary>Trains in place; the curve has the evaluation before training and after every epoch, on <paramref name="test"/>.</summary>
    /// <param name="network">The network, its first weights set.</param>
    /// <param name="train">Training rows.</param>
    /// <param name="test">Rows to evaluate on; never trained on.</param>
    /// <param name="plan">Epochs, optimizer, batch size.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="seed">Decides the batches.</param>
    /// <param name="lastOnly">Evaluates only after the last epoch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static TrainingCurve Train(
        Network network, LabeledRows train, LabeledRows test, TrainingPlan plan, double learningRate, ulong seed, bool lastOnly = false, CancellationToken cancellationToken = default)
    {
        Loss loss = Loss.For(train);
        Optimizer optimizer = Optimizer.For(network, plan.Optimizer, learningRate);
        List<Evaluation> curve = [];
        if (!lastOnly)
            curve.Add(loss.Evaluate(network, test));
        int batchSize = Math.Min(plan.BatchSize, Network.BatchCapacity);
        long ticks = 0;
        bool diverged = false;
        for (int epoch = 0; epoch < plan.Epochs && !diverged; epoch++)
        {
            long start = Stopwatch.GetTimestamp();
            int[] order = Batches(train.Count, seed, epoch);
            double total = 0;

            // Batches of equal size, give or take one row: a short last batch would be a noisy step, and large rates fall over it.
            int batches = (order.Length + batchSize - 1) / batchSize;
            for (int batch = 0; batch < batches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int first = (int)((long)batch * order.Length / batches), next = (int)((batch + 1L) * order.Length / batches);
                total += Step(network, optimizer, loss, train, order.AsSpan(first, next - first));
            }

            ticks += Stopwatch.GetTimestamp() - start;
            diverged = !double.IsFinite(total);
            if (!lastOnly || epoch == plan.Epochs - 1 || diverged)
                curve.Add(loss.Evaluate(network, test));
        }

        // A diverged run stays where it fell.
        while (!lastOnly && curve.Count <= plan.Epochs)
            curve.Add(new Evaluation(double.NaN, 0));
        return new TrainingCurve([.. curve], ticks / (double)Stopwatch.Frequency);
    }

    /// <summary>The order of the training rows in one epoch.</summary>
    public static int[] Batches(int rows, ulong seed, int epoch) =>
        Shuffle.Permutation(rows, Seeds.Derive(Seeds.Derive(seed, "batches"), (ulong)epoch));

    /// <summary>One optimizer step on the given rows; returns the sum of their losses before it.</summary>
    public static double Step(Network network, Optimizer optimizer, Loss loss, LabeledRows train, ReadOnlySpan<int> samples)
    {
        train.Gather(samples, network.Input);
        ReadOnlySpan<float> output = network.Forward(samples.Length);
        double value = loss.Gradient(output, train, samples, network.OutputGradient);
        network.Backward(samples.Length);
        optimizer.Step(network.Parameters, network.Gradients);
        return value;
    }
}
