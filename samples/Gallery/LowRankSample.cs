using SpectralInit;

namespace Gallery;

/// <summary>Low-rank adapters: how much of a weight matrix each start captures.</summary>
internal static class LowRankSample
{
    public static void Run(GalleryContext context)
    {
        // A matrix as training leaves them: a few strong directions over noise.
        const int Rows = 96, Columns = 128;
        double[] weights = new XavierInitializer().Create<double>(WeightShape.Dense(Columns, Rows), 1);
        double[] left = new NormalInitializer(0, 1).Create<double>(WeightShape.Dense(8, Rows), 2), right = new NormalInitializer(0, 1).Create<double>(WeightShape.Dense(Columns, 8), 3);
        for (int i = 0; i < weights.Length; i++)
        {
            for (int k = 0; k < 8; k++)
                weights[i] += 0.08 * left[(i / Columns * 8) + k] * right[(k * Columns) + (i % Columns)] / (k + 1);
        }

        double norm = Math.Sqrt(weights.Sum(w => w * w));
        (double[] rows, _) = Made.Classes(400, Columns, 4, 1);
        MomentAccumulator activations = new(Columns);
        activations.Add(rows);

        int[] ranks = [1, 2, 4, 8, 16, 32, 64];
        double[] x = [.. ranks.Select(r => (double)r)];
        double[] pissa = [.. ranks.Select(r => Pissa.Factor(weights, Rows, Columns, r).Error / norm)];
        double[] olora = [.. ranks.Select(r => Olora.Factor(weights, Rows, Columns, r).Error / norm)];
        double[] corda = [.. ranks.Select(r => Corda.Factor(weights, Rows, Columns, r, activations).Error / norm)];
        Console.WriteLine($"relative error at rank 8: PiSSA {pissa[3]:F3}, CorDA {corda[3]:F3} (it keeps what the activations use), OLoRA {olora[3]:F3}");

        DataSpectrum first = DataSpectrum.Fit(RowSource.From(rows, Columns)), second = DataSpectrum.Fit(RowSource.From(new NormalInitializer(0, 1).Create<double>(WeightShape.Dense(Columns, 400), 5), Columns));
        Console.WriteLine($"EVA gives a correlated and a white layer, 8 ranks each on average: {string.Join(" and ", Eva.DistributeRanks([first, second], 8))}");
        context.Save(
            new SvgPlot("What a product of rank r leaves of the weights", "rank r", "‖W − BA‖ / ‖W‖") { LogX = true }.Line("PiSSA", x, pissa).Line("CorDA", x, corda).Line("OLoRA", x, olora),
            "lowrank.svg");
    }
}
