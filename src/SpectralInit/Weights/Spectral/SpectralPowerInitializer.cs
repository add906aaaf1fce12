using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Rows w ~ N(0, V·Λ^p·Vᵀ) from the covariance VΛVᵀ of the layer's inputs.</summary>
/// <remarks>
/// <para>
/// p = 0 is an isotropic draw (He's directions, to the bit up to scale), p = −1 random combinations of whitened features, p = 1 random combinations of
/// centred data rows, p = +∞ the first component. Where the spectrum was truncated, the missing directions have the mean of the missing eigenvalues
/// (probabilistic principal components: Tipping and Bishop, 1999). Directions without variance get none, except at p = 0 or under shrinkage.
/// </para>
/// <para>
/// All rows are scaled by one factor, so that the mean over the units of the variance of w·x on the data is exactly
/// <see cref="SpectralPowerOptions.TargetVariance"/>; each gate of a recurrent layer and each part of a packed one is a matrix of its own. The bias −W·μ centres them. Constant data give He rows.
/// </para>
/// </remarks>
public sealed class SpectralPowerInitializer : IBiasInitializer
{
    private readonly DataSpectrum _spectrum;
    private readonly SpectralPowerOptions _options;
    private readonly double[] _deviations;
    private readonly double _remainder;
    private readonly double _noise;

    /// <summary>Initializes from a fitted spectrum.</summary>
    /// <param name="spectrum">The spectrum of the layer's inputs.</param>
    /// <param name="power">p: any number, or +∞.</param>
    /// <param name="options">Scale, shrinkage, pairs; defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="power"/> is NaN or −∞, or an option is out of range.</exception>
    public SpectralPowerInitializer(DataSpectrum spectrum, double power, SpectralPowerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        if (double.IsNaN(power) || double.IsNegativeInfinity(power))
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power must be a number or +∞.");
        options ??= new();
        if (!(options.TargetVariance > 0) || !double.IsFinite(options.TargetVariance))
            throw OptionError.Of(nameof(options.TargetVariance), options.TargetVariance, "The target variance must be a positive number.");
        if (options.Shrinkage is { } given && !(given is >= 0 and <= 1))
            throw OptionError.Of(nameof(options.Shrinkage), given, "The shrinkage must be between 0 and 1.");
        _spectrum = spectrum;
        _options = options;
        Power = power;

        double[] values = spectrum.Components.Values;
        int d = spectrum.Dimension, k = values.Length;
        double kept = values.Sum(value => Math.Max(0, value));
        _noise = k < d ? Math.Max(0, spectrum.TotalVariance - kept) / (d - k) : 0;
        if (_noise <= 1e-14 * (k > 0 ? Math.Max(0, values[0]) : 0))
            _noise = 0;
        Shrinkage = options.Shrinkage ?? (power < 0 ? OracleApproximatingShrinkage() : 0);
        double mean = spectrum.TotalVariance / d;
        double[] shrunk = [.. (k < d ? values.Append(_noise) : values).Select(value => ((1 - Shrinkage) * Math.Max(0, value)) + (Shrinkage * mean))];

        // √(λ^p), relative to the largest so that no power overflows; a direction without variance counts only at p = 0.
        double least = 1e-13 * shrunk[0], unit = power < 0 ? shrunk.Where(value => value > least).DefaultIfEmpty(1).Min() : shrunk[0];
        double[] deviations = [.. shrunk.Select(value => power == 0 ? 1 : value > least ? Math.Pow(value / unit, 0.5 * power) : 0)];
        _deviations = deviations[..k];
        _remainder = k < d ? deviations[k] : power == 0 ? 1 : 0;
        if (double.IsPositiveInfinity(power))
        {
            // The first component alone, even where the second equals it.
            _deviations.AsSpan().Clear();
            _deviations.AsSpan(0, Math.Min(1, k)).Fill(1);
            _remainder = 0;
        }
    }

    /// <summary>The exponent p.</summary>
    public double Power { get; }

    /// <summary>The shrinkage applied to the eigenvalues.</summary>
    public double Shrinkage { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the layer's inputs are not the features of the data.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _spectrum.Dimension);
        if (shape.Count > 0)
            WeightMatrix.WriteParts(shape, weights, seed, Rows);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _spectrum.Mean, bias, shape, seed);

    private double[] Rows(int units, ulong seed)
    {
        int d = _spectrum.Dimension;
        double[] rows = GaussianRows.Draw(units, _spectrum.Components, _deviations, _remainder, seed);
        if (_options.Mirrored)
            GaussianRows.Mirror(rows, units, d);
        double variance = MeanVariance(rows, units);
        if (variance > 0)
            TensorPrimitives.Multiply(rows, Math.Sqrt(_options.TargetVariance / variance), rows);
        else
            new HeInitializer().Initialize<double>(rows, WeightShape.Dense(d, units), seed);
        return rows;
    }

    /// <summary>Mean over the units of wᵀCw with C = VΛVᵀ + ν(I − VVᵀ).</summary>
    private double MeanVariance(double[] rows, int units)
    {
        EigenPairs pairs = _spectrum.Components;
        int d = _spectrum.Dimension, k = pairs.Count;
        double[] projected = new double[units * k];
        RowMajor.MultiplyTransposed(rows, pairs.Vectors, projected, units, k, d);
        double sum = _noise > 0 ? _noise * TensorPrimitives.SumOfSquares<double>(rows) : 0;
        for (int i = 0; i < units; i++)
        {
            for (int j = 0; j < k; j++)
                sum += (Math.Max(0, pairs.Values[j]) - _noise) * projected[(i * k) + j] * projected[(i * k) + j];
        }

        return sum / units;
    }

    private double OracleApproximatingShrinkage()
    {
        // In units of a power of two near the trace: squares of variances neither overflow nor vanish.
        double unit = _spectrum.TotalVariance > 0 ? Math.ScaleB(1, -Math.ILogB(_spectrum.TotalVariance)) : 1;
        double n = _spectrum.Count, d = _spectrum.Dimension, trace = unit * _spectrum.TotalVariance, noise = unit * _noise;
        double squares = (noise * noise * (d - _spectrum.Components.Count)) + _spectrum.Components.Values.Sum(value => unit * value * (unit * value));
        double above = ((1 - (2 / d)) * squares) + (trace * trace), below = (n + 1 - (2 / d)) * (squares - (trace * trace / d));
        return below > above ? above / below : 1;
    }
}
