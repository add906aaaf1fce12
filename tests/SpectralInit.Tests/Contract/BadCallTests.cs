using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Contract;

/// <summary>
/// Bad calls over the whole public surface: each throws the exception and names the parameter in its row, and leaves the destination it was given
/// as it was. The destination is 12 values of −77; calls without one ignore it.
/// </summary>
public partial class BadCallTests
{
    private static readonly double[] s_rows = [1, 2, 3, 4.5, 5, 6.1, -1, 0, 3, 1];
    private static readonly DataSpectrum s_spectrum = DataSpectrum.Fit(RowSource.From(s_rows, 2));
    private static readonly WeightShape s_layer = WeightShape.Dense(3, 4);
    private static readonly HeInitializer s_he = new();

    private static readonly Dictionary<string, (Action<double[]> Call, Type Exception, string Parameter)> s_table = Table();

    public static TheoryData<string> Calls => [.. s_table.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Bad_calls_name_the_parameter_and_leave_the_destination(string call)
    {
        (Action<double[]> act, Type exception, string parameter) = s_table[call];
        double[] destination = [.. Enumerable.Repeat(-77.0, 12)];
        Exception thrown = Record.Exception(() => act(destination));
        thrown.Should().BeAssignableTo<ArgumentException>(call).And.BeOfType(exception, thrown?.ToString());
        ((ArgumentException)thrown!).ParamName.Should().Be(parameter, thrown.Message);
        thrown.Message.Length.Should().BeGreaterThan(parameter.Length + 20, "a message says what to change");
        destination.Should().Equal(Enumerable.Repeat(-77.0, 12));
    }

    [Fact]
    public void The_table_has_at_least_sixty_calls() => s_table.Count.Should().BeGreaterThanOrEqualTo(60);

    private static Dictionary<string, (Action<double[]> Call, Type Exception, string Parameter)> Table()
    {
        Dictionary<string, (Action<double[]>, Type, string)> table = [];
        void Null(string name, string parameter, Action<double[]> call) => table.Add(name, (call, typeof(ArgumentNullException), parameter));
        void Range(string name, string parameter, Action<double[]> call) => table.Add(name, (call, typeof(ArgumentOutOfRangeException), parameter));
        void Bad(string name, string parameter, Action<double[]> call) => table.Add(name, (call, typeof(ArgumentException), parameter));

        // Shapes.
        Range("dense, negative inputs", "inputs", _ => WeightShape.Dense(-1, 2));
        Range("dense, negative outputs", "outputs", _ => WeightShape.Dense(1, -2));
        Range("dense, undefined layout", "layout", _ => WeightShape.Dense(1, 2, (WeightLayout)7));
        Range("dense, too many elements", "outputs", _ => WeightShape.Dense(100_000, 100_000));
        Range("convolution, negative channels", "inChannels", _ => WeightShape.Convolution(-3, 4, [3]));
        Range("convolution, negative outputs", "outChannels", _ => WeightShape.Convolution(3, -4, [3]));
        Range("convolution, no groups", "groups", _ => WeightShape.Convolution(4, 4, [3], groups: 0));
        Bad("convolution, groups do not divide the inputs", "inChannels", _ => WeightShape.Convolution(3, 4, [3], groups: 2));
        Bad("convolution, groups do not divide the outputs", "outChannels", _ => WeightShape.Convolution(4, 3, [3], groups: 2));
        Bad("convolution, no kernel", "kernel", _ => WeightShape.Convolution(3, 4, []));
        Bad("convolution, four axes", "kernel", _ => WeightShape.Convolution(3, 4, [1, 2, 3, 4]));
        Range("convolution, empty kernel axis", "kernel", _ => WeightShape.Convolution(3, 4, [3, 0]));
        Range("convolution of nothing, kernel too large", "kernel", _ => WeightShape.Convolution(0, 0, [65536, 65536]));
        Range("convolution, fan too large", "outChannels", _ => WeightShape.Convolution(65536, 0, [65536]));
        Range("convolution, every size huge", "kernel", _ => WeightShape.Convolution(int.MaxValue, int.MaxValue, [int.MaxValue, int.MaxValue, int.MaxValue]));
        Bad("transposed convolution, groups do not divide", "outChannels", _ => WeightShape.TransposedConvolution(4, 3, [3], groups: 2));
        Range("depthwise, negative channels", "channels", _ => WeightShape.Depthwise(-1, [3]));
        Range("depthwise, no multiplier", "multiplier", _ => WeightShape.Depthwise(3, [3], multiplier: 0));
        Range("depthwise, multiplier too large", "multiplier", _ => WeightShape.Depthwise(65536, [3], multiplier: 65536));
        Range("embedding, negative vocabulary", "vocabulary", _ => WeightShape.Embedding(-1, 3));
        Range("embedding, negative dimension", "dimension", _ => WeightShape.Embedding(1, -3));
        Range("recurrent, negative hidden", "hidden", _ => WeightShape.Recurrent(3, -1));
        Range("recurrent, no gates", "gates", _ => WeightShape.Recurrent(3, 3, gates: 0));
        Range("packed, no parts", "parts", _ => WeightShape.Packed(3, 3, parts: 0));
        Range("packed, negative outputs", "outputs", _ => WeightShape.Packed(3, -3));
        Range("shape, undefined layout", "layout", _ => s_layer.With((WeightLayout)(-1)));

        // Seeds and threads.
        Null("seeds, no name", "name", _ => Seeds.Derive(1, null!));
        Range("parallelism, no threads", "threads", _ => Parallelism.Limit(0));
        Range("parallelism, negative maximum", "MaxThreads", _ => Parallelism.MaxThreads = -1);

        // Initializing.
        Null("initialize, no shape", "shape", w => s_he.Initialize<double>(w, null!, 1));
        Bad("initialize, destination too short", "weights", w => s_he.Initialize(w.AsSpan(0, 11), s_layer, 1));
        Bad("initialize, destination too long", "weights", w => s_he.Initialize<double>(w, WeightShape.Dense(3, 3), 1));
        Bad("initialize, tensor of another size", "weights", w => s_he.Initialize(new System.Numerics.Tensors.TensorSpan<double>(w), WeightShape.Dense(3, 3), 1));
        Bad("initialize, strided tensor", "weights", w => s_he.Initialize(new System.Numerics.Tensors.TensorSpan<double>(w, [2, 3], [6, 2]), WeightShape.Dense(3, 2), 1));
        Null("create, no shape", "shape", _ => s_he.Create<float>(null!, 1));
        Null("create, no initializer", "initializer", _ => ((IWeightInitializer)null!).Create<float>(s_layer, 1));
        Null("create tensor, no initializer", "initializer", _ => ((IWeightInitializer)null!).CreateTensor<float>(s_layer, 1));
        Null("create matrix, no initializer", "initializer", _ => ((IWeightInitializer)null!).CreateMatrix<float>(s_layer, 1));
        Null("create matrix, no shape", "shape", _ => s_he.CreateMatrix<double>(null!, 1));

        // Baselines.
        Range("variance scaling, negative scale", "scale", _ => new VarianceScalingInitializer(-1));
        Range("variance scaling, no number", "scale", _ => new VarianceScalingInitializer(double.NaN));
        Range("variance scaling, undefined fan", "fan", _ => new VarianceScalingInitializer(1, (FanMode)9));
        Range("variance scaling, undefined distribution", "distribution", _ => new VarianceScalingInitializer(1, FanMode.In, (WeightDistribution)9));
        Null("variance, no shape", "shape", _ => s_he.Variance(null!));
        Range("he, negative gain", "gain", _ => new HeInitializer(-1));
        Range("xavier, infinite gain", "gain", _ => new XavierInitializer(double.PositiveInfinity));
        Range("gain, slope is no number", "slope", _ => Gain.LeakyRelu(double.NaN));
        Range("normal, infinite mean", "mean", _ => new NormalInitializer(double.NegativeInfinity));
        Range("normal, negative deviation", "standardDeviation", _ => new NormalInitializer(0, -1));
        Range("uniform, infinite lower bound", "lower", _ => new UniformInitializer(double.NegativeInfinity, 1));
        Range("uniform, bounds the wrong way round", "upper", _ => new UniformInitializer(2, 1));
        Range("truncated normal, no deviation", "standardDeviation", _ => new TruncatedNormalInitializer(0, 0));
        Range("truncated normal, bounds the wrong way round", "upper", _ => new TruncatedNormalInitializer(0, 1, 2, -2));
        Range("truncated normal, lower bound is no number", "lower", _ => new TruncatedNormalInitializer(0, 1, double.NaN));
        Range("truncated normal, undefined bounds", "bounds", _ => new TruncatedNormalInitializer(0, 1, -2, 2, (TruncationBounds)3));
        Range("truncated normal, nothing left", "lower", _ => new TruncatedNormalInitializer(0, 1, 40, 41));
        Range("truncated normal, deviation beyond the bounds", "standardDeviation", _ => new TruncatedNormalInitializer(0, 1, -1, 1, TruncationBounds.Absolute, correctVariance: true));
        Range("truncated normal, nothing between the bounds", "upper", _ => new TruncatedNormalInitializer(1e20, 1, -1, 1));
        Range("orthogonal, negative gain", "gain", _ => new OrthogonalInitializer(-1));
        Range("delta-orthogonal, gain is no number", "gain", _ => new DeltaOrthogonalInitializer(double.NaN));
        Bad("delta-orthogonal, narrowing", "shape", w => new DeltaOrthogonalInitializer().Initialize<double>(w, WeightShape.Convolution(4, 1, [3]), 1));
        Bad("delta-orthogonal, dense", "shape", w => new DeltaOrthogonalInitializer().Initialize<double>(w, s_layer, 1));
        Range("identity, infinite gain", "gain", _ => new IdentityInitializer(double.PositiveInfinity));
        Bad("identity, convolution", "shape", w => new IdentityInitializer().Initialize<double>(w, WeightShape.Convolution(2, 2, [3]), 1));
        Range("dirac, infinite gain", "gain", _ => new DiracInitializer(double.PositiveInfinity));
        Bad("dirac, dense", "shape", w => new DiracInitializer().Initialize<double>(w, s_layer, 1));
        Range("sparse, too sparse", "sparsity", _ => new SparseInitializer(1.5));
        Range("sparse, no number", "sparsity", _ => new SparseInitializer(double.NaN));
        Range("sparse, negative deviation", "standardDeviation", _ => new SparseInitializer(0.5, -1));
        Range("constant, no number", "value", _ => new ConstantInitializer(double.NaN));

        // Data.
        Null("rows, no array", "values", _ => RowSource.From((double[])null!, 2));
        Bad("rows, columns do not divide", "values", _ => RowSource.From(s_rows, 3));
        Range("rows, no columns", "columns", _ => RowSource.From(s_rows, 0));
        Null("spectrum, no rows", "rows", _ => DataSpectrum.Fit((IRowSource)null!));
        Null("spectrum, no covariance", "covariance", _ => DataSpectrum.Fit((CovarianceEstimate)null!));
        Range("moments, no columns", "columns", _ => new MomentAccumulator(0));
        Bad("moments, half a row", "rows", _ => new MomentAccumulator(2).Add([1.0, 2, 3]));
        Null("moments, no source", "source", _ => new MomentAccumulator(2).Add((IRowSource)null!));

        // Spectra.
        Bad("eigen, wrong length", "matrix", _ => SymmetricEigen.Decompose([1.0, 2, 3], 2));
        Bad("eigen, not square", "matrix", _ => SymmetricEigen.Decompose(Matrix<double>.Build.Dense(2, 3)));
        Null("eigen, no matrix", "matrix", _ => SymmetricEigen.Decompose((Matrix<double>)null!));
        Bad("eigen, infinite entry", "matrix", _ => SymmetricEigen.Decompose([1.0, double.PositiveInfinity, double.PositiveInfinity, 1], 2));
        Bad("eigen, not symmetric", "matrix", _ => SymmetricEigen.Decompose([1.0, 2, 3, 4], 2));
        Range("eigen, negative dimension", "dimension", _ => SymmetricEigen.Decompose([], -1));
        Range("eigen, more pairs than dimensions", "count", _ => SymmetricEigen.Decompose([1.0, 0, 0, 1], 2, 3));
        Range("eigenvalues, negative dimension", "dimension", _ => SymmetricEigen.Values([], -1));

        // Spectral initializers.
        Null("principal components, no spectrum", "spectrum", _ => new PrincipalComponentInitializer(null!));
        Bad("principal components, other features", "shape", w => new PrincipalComponentInitializer(s_spectrum).Initialize<double>(w, s_layer, 1));
        Bad("principal components, wrong length", "weights", w => new PrincipalComponentInitializer(s_spectrum).Initialize<double>(w, WeightShape.Dense(2, 2), 1));
        Bad("principal components, embedding", "shape", w => new PrincipalComponentInitializer(s_spectrum).Initialize<double>(w, WeightShape.Embedding(6, 2), 1));
        AddFitted(Null, Range, Bad);
        return table;
    }
}
