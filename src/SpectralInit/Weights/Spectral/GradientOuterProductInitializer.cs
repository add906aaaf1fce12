using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Rows w ~ N(0, M^α) with M the average gradient outer product of labelled data: units look along the directions that decide the answer.</summary>
/// <remarks>
/// With p = λ^α / Σλ^α over the eigenvalues of M, the rows are drawn from N(0, (1 − t)((1 − s)·V·diag(p)·Vᵀ + s·C/tr C) + t·I/d), where t is
/// <see cref="GradientOuterProductInitializerOptions.IsotropicShare"/>, s <see cref="GradientOuterProductInitializerOptions.CovarianceShare"/> and C
/// the covariance of the inputs; then all are scaled by one factor to the wanted mean variance of the pre-activations. The bias −W·μ centres them.
/// Where the inputs do not vary, rows are He's.
/// </remarks>
public sealed class GradientOuterProductInitializer : IBiasInitializer
{
    private readonly GradientOuterProduct _product;
    private readonly GradientOuterProductInitializerOptions _options;

    /// <summary>Initializes from a fitted gradient outer product.</summary>
    /// <param name="product">The directions.</param>
    /// <param name="options">Exponent, shares, scale; defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public GradientOuterProductInitializer(GradientOuterProduct product, GradientOuterProductInitializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(product);
        options ??= new();
        options.Check();
        _product = product;
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the layer's inputs are not the features of the data.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _product.Dimension);
        if (shape.Count > 0)
            WeightMatrix.WriteParts(shape, weights, seed, Rows);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _product.Mean, bias, shape, seed);

    internal double[] Rows(int units, ulong seed)
    {
        int d = _product.Dimension;
        EigenPairs pairs = _product.Components;
        double even = _options.IsotropicShare / d, covariance = (1 - _options.IsotropicShare) * _options.CovarianceShare;
        double[] deviations = new double[pairs.Count];
        double sum = 0;
        for (int i = 0; i < pairs.Count; i++)
            sum += deviations[i] = pairs.Values[i] > 1e-12 * pairs.Values[0] ? Math.Pow(pairs.Values[i] / pairs.Values[0], _options.Exponent) : 0;
        double share = sum > 0 ? (1 - _options.IsotropicShare - covariance) / sum : 0;
        for (int i = 0; i < pairs.Count; i++)
            deviations[i] = Math.Sqrt((share * deviations[i]) + even);
        double[] rows = GaussianRows.Draw(units, pairs, deviations, Math.Sqrt(even), seed);
        _product.Inputs.AddCovarianceDraw(rows, units, covariance, Seeds.Derive(seed, nameof(_options.CovarianceShare)));
        if (_options.Mirrored)
            GaussianRows.Mirror(rows, units, d);

        double variance = _product.Inputs.MeanVariance(rows, units);
        if (variance > 0)
            TensorPrimitives.Multiply(rows, Math.Sqrt(_options.TargetVariance / variance), rows);
        else
            new HeInitializer().Initialize<double>(rows, WeightShape.Dense(d, units), seed);
        return rows;
    }
}
