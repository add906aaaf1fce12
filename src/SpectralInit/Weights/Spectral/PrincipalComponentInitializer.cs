using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Principal directions as weights: W = U_kᵀ, the leading eigenvectors of the data covariance as rows.</summary>
/// <remarks>
/// <para>
/// The definition is <c>numpy.cov</c> → <c>numpy.linalg.eigh</c> → descending → first k columns → transpose (Hotelling, "Analysis of a complex of
/// statistical variables into principal components", 1933), with signs fixed by the rule of <see cref="EigenPairs"/>. The weights do not
/// depend on the seed, except for random rows beyond the rank of the data (<see cref="PrincipalComponentOptions.Completion"/>).
/// </para>
/// <para>
/// Suits dense layers and convolutions without groups whose flattened inputs are the features, in the order (channel, kernel…). Each gate of a
/// recurrent layer and each part of a packed one is a matrix of its own and gets the same directions.
/// </para>
/// </remarks>
public sealed class PrincipalComponentInitializer : IBiasInitializer
{
    private readonly DataSpectrum _spectrum;
    private readonly PrincipalComponentOptions _options;

    /// <summary>Initializes from a fitted spectrum.</summary>
    /// <param name="spectrum">The spectrum of the layer's inputs.</param>
    /// <param name="options">Scaling and completion; defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is not defined, or the target variance is not a positive number.</exception>
    /// <exception cref="ArgumentException">The data are constant and the scaling needs their variance.</exception>
    public PrincipalComponentInitializer(DataSpectrum spectrum, PrincipalComponentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        options ??= new PrincipalComponentOptions();
        if (!Enum.IsDefined(options.Scaling))
            throw OptionError.Of(nameof(options.Scaling), options.Scaling, "Choose Orthonormal or Proportional.");
        if (!Enum.IsDefined(options.Completion))
            throw OptionError.Of(nameof(options.Completion), options.Completion, "Choose OrthogonalComplement, MirroredPairs, HeRemainder or Throw.");
        if (!(options.TargetVariance > 0 && double.IsFinite(options.TargetVariance)))
            throw OptionError.Of(nameof(options.TargetVariance), options.TargetVariance, "The target variance must be a positive number.");
        if (options.Scaling == ComponentScaling.Proportional && spectrum.Rank == 0)
            throw new ArgumentException("The data are constant: no gain gives their projections a variance. Use ComponentScaling.Orthonormal.", nameof(spectrum));
        _spectrum = spectrum;
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The destination has the wrong length; the layer's inputs are not the features of the data; the shape has groups, or is an embedding or a
    /// transposed convolution; or the layer has more outputs than there are directions and the completion does not provide for it.
    /// </exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _spectrum.Dimension);
        if (shape.Count == 0)
            return;

        int outputs = shape.Rows / shape.Blocks;
        double[] rows = Rows(outputs, shape, seed);
        for (int block = 0; block < shape.Blocks; block++)
            WeightMatrix.WriteRows(block * outputs, rows, shape, weights);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _spectrum.Mean, bias, shape, seed);

    private double[] Rows(int outputs, WeightShape shape, ulong seed)
    {
        EigenPairs components = _spectrum.Components;
        int d = components.Dimension, rank = _spectrum.Rank;
        if (outputs > rank && !_spectrum.IsExhausted)
        {
            throw new ArgumentException(
                $"The layer has {outputs} outputs, the spectrum was fitted for {components.Count} components and the data have more. Fit with Components = {outputs}.", nameof(shape));
        }

        int principal = Math.Min(outputs, rank);
        double[] rows = new double[checked(outputs * d)];
        components.Vectors.AsSpan(0, principal * d).CopyTo(rows);
        if (outputs > principal)
            Complete(rows, principal, outputs, shape, seed);
        if (_options.Scaling == ComponentScaling.Proportional && principal > 0)
            Scale(rows, principal);
        return rows;
    }

    private void Complete(double[] rows, int principal, int outputs, WeightShape shape, ulong seed)
    {
        EigenPairs components = _spectrum.Components;
        int d = components.Dimension;
        Span<double> rest = rows.AsSpan(principal * d);
        switch (_options.Completion)
        {
            case ComponentCompletion.OrthogonalComplement when outputs <= d:
                int fitted = Math.Min(components.Count, outputs);
                components.Vectors.AsSpan(principal * d, (fitted - principal) * d).CopyTo(rest);
                OrthogonalComplement.Fill(rows, fitted, outputs, d, Seeds.Derive(seed, nameof(ComponentCompletion.OrthogonalComplement)));
                break;
            case ComponentCompletion.MirroredPairs when outputs <= 2 * principal:
                for (int i = 0; i < rest.Length; i++)
                    rest[i] = -rows[i];
                break;
            case ComponentCompletion.HeRemainder:
                new HeInitializer().Initialize(rest, WeightShape.Dense(d, outputs - principal), Seeds.Derive(seed, nameof(ComponentCompletion.HeRemainder)));
                break;
            default:
                throw new ArgumentException(
                    $"The layer has {outputs} outputs, the data {d} features and {principal} directions they vary along, and {_options.Completion} completes no further. "
                    + "Ask for fewer outputs or set PrincipalComponentOptions.Completion to HeRemainder.", nameof(shape));
        }
    }

    private void Scale(double[] rows, int principal)
    {
        double sum = 0;
        foreach (double value in _spectrum.Components.Values.AsSpan(0, principal))
            sum += value;
        double gain = Math.Sqrt(_options.TargetVariance * principal / sum);

        // He rows bring their own scale; every other row is made of unit directions and shares the gain.
        Span<double> scaled = _options.Completion == ComponentCompletion.HeRemainder ? rows.AsSpan(0, principal * _spectrum.Dimension) : rows;
        foreach (ref double weight in scaled)
            weight *= gain;
    }
}
