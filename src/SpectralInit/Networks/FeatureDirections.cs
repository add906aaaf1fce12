using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>What recipes draw from: the rows that arrive at a layer, and, once a recipe asks for it, their gradient outer product.</summary>
internal sealed class FeatureDirections
{
    private readonly RowSample _sample;
    private readonly double[] _centered;
    private GradientOuterProduct? _product;
    private WhitenedDirections? _whitened;

    public FeatureDirections(RowSample sample)
    {
        _sample = sample;
        _centered = [.. sample.Rows];
        Mean = RowMajor.Center(_centered, sample.Count, sample.Dimension);
    }

    public double[] Mean { get; }

    /// <summary>What the kernel fit had to say, if there was one.</summary>
    public IReadOnlyList<string> Warnings => _product?.Warnings ?? [];

    /// <summary>Weight rows, units×d, whose pre-activations have unit mean variance on the rows; He's where the rows do not vary.</summary>
    public double[] Rows(FeatureRecipe recipe, int units, ulong seed)
    {
        if (recipe.Whitened)
            return (_whitened ??= new WhitenedDirections(_sample)).Rows(recipe with { Whitened = false }, units, seed);
        if (recipe.Parts.Count == 0)
            return recipe.UsesTargets ? recipe.Over(_product ??= GradientOuterProduct.Fit(_sample, new())).Rows(units, seed) : Unlabelled(recipe, units, seed);
        double[] rows = new double[checked(units * _sample.Dimension)];
        for (int part = 0, from = 0; part < recipe.Parts.Count; part++)
        {
            int to = (int)((part + 1L) * units / recipe.Parts.Count);
            if (to > from)
                Rows(recipe.Parts[part], to - from, Seeds.Derive(seed, (ulong)part)).CopyTo(rows, from * _sample.Dimension);
            from = to;
        }

        return rows;
    }

    /// <summary>Without labels nothing need be decomposed: N(0, C) is a random combination of the centred rows.</summary>
    private double[] Unlabelled(FeatureRecipe recipe, int units, ulong seed)
    {
        int m = _sample.Count, d = _sample.Dimension;
        double[] rows = new double[checked(units * d)];
        double even = recipe.IsotropicShare, total = TensorPrimitives.SumOfSquares<double>(_centered) / m;
        if (even > 0)
            RandomFill.Normal<double>(rows, 0, Math.Sqrt(even / d), seed);
        if (even < 1 && total > 0)
        {
            double[] draw = new double[checked(units * m)];
            RandomFill.Normal<double>(draw, 0, Math.Sqrt((1 - even) / (m * total)), Seeds.Derive(seed, nameof(recipe.CovarianceShare)));
            RowMajor.Multiply(draw, _centered, rows, units, d, m, beta: 1);
        }

        double[] pre = new double[checked(m * units)];
        RowMajor.MultiplyTransposed(_centered, rows, pre, m, units, d);
        double variance = units == 0 ? 0 : TensorPrimitives.SumOfSquares<double>(pre) / ((double)m * units);
        if (variance > 1e-24 * total)
            TensorPrimitives.Multiply(rows, 1 / Math.Sqrt(variance), rows);
        else
            new HeInitializer().Initialize<double>(rows, WeightShape.Dense(d, units), seed);
        return rows;
    }
}
