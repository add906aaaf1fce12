namespace SpectralInit;

/// <summary>What recipes draw from where every principal direction of the rows counts alike: they see whitened rows z = Λ^(−½)Vᵀ(x − μ), and what they draw is turned back, W = W_z·Λ^(−½)Vᵀ.</summary>
internal sealed class WhitenedDirections
{
    /// <summary>Added to every eigenvalue, relative to their mean: directions weaker than this are taken for rounding or noise.</summary>
    private const double Floor = 1e-3;

    private readonly SpanCoordinates _coordinates;
    private readonly double[] _root;
    private readonly FeatureDirections _inner;

    public WhitenedDirections(RowSample sample)
    {
        SpanCoordinates coordinates = SpanCoordinates.Of(sample.Rows, sample.Count, sample.Dimension);
        int r = coordinates.Dimension, n = sample.Count;
        EigenPairs pairs = SymmetricEigen.Decompose(coordinates.Covariance(), r);
        double mean = pairs.Values.Sum() / Math.Max(1, r);
        double[] root = new double[r * r];
        for (int i = 0; i < r; i++)
        {
            double scale = mean > 0 ? 1 / Math.Sqrt(Math.Max(0, pairs.Values[i]) + (Floor * mean)) : 0;
            for (int j = 0; j < r; j++)
                root[(i * r) + j] = scale * pairs.Vector(i)[j];
        }

        double[] white = new double[n * r];
        RowMajor.MultiplyTransposed(coordinates.Rows, root, white, n, r, r);
        (_coordinates, _root, _inner) = (coordinates, root, new FeatureDirections(sample.With(white, r)));
    }

    /// <summary>Weight rows, units×d; the pre-activations are those of the whitened rows.</summary>
    public double[] Rows(FeatureRecipe recipe, int units, ulong seed)
    {
        int r = _coordinates.Dimension;
        double[] inner = _inner.Rows(recipe, units, seed), turned = new double[units * r];
        RowMajor.Multiply(inner, _root, turned, units, r, r);
        return _coordinates.ToAmbient(turned, units);
    }
}
