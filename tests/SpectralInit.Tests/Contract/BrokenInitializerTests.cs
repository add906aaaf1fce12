using System.Numerics;

namespace SpectralInit.Tests.Contract;

/// <summary>An initializer of the user's that leaves a weight that is no number: what stands on it refuses it and writes nothing.</summary>
public class BrokenInitializerTests
{
    private static readonly WeightShape s_square = WeightShape.Dense(6, 6);
    private static readonly WeightShape s_convolution = WeightShape.Convolution(2, 2, [3]);

    private static readonly Dictionary<string, (Func<IWeightInitializer, IWeightInitializer> Wrap, WeightShape Shape)> s_wrappers = new()
    {
        ["per gate"] = (inner => new PerGateInitializer(inner), s_square),
        ["per group"] = (inner => new PerGroupInitializer(inner), s_convolution),
        ["Fixup"] = (inner => new FixupInitializer(inner, 4, 2, false), s_square),
        ["radius"] = (inner => new RadiusNormalizedInitializer(inner), s_square),
        ["spectral norm"] = (inner => new SpectrallyNormalizedInitializer(inner), s_square),
        ["convolution norm"] = (inner => new ConvolutionNormalizedInitializer(inner, new ConvolutionGeometry(5)), s_convolution),
    };

    public static TheoryData<string> Wrappers => [.. s_wrappers.Keys];

    [Theory]
    [MemberData(nameof(Wrappers))]
    public void A_weight_that_is_no_number_is_refused(string name)
    {
        (Func<IWeightInitializer, IWeightInitializer> wrap, WeightShape shape) = s_wrappers[name];
        foreach (double broken in new[] { double.NaN, double.PositiveInfinity })
        {
            float[] weights = [.. Enumerable.Repeat(7f, shape.Count)];
            wrap(new Broken(broken)).Invoking(initializer => initializer.Initialize<float>(weights, shape, 1)).Should().Throw<ArgumentException>();
            weights.Should().OnlyContain(weight => weight == 7);
        }
    }

    [Fact]
    public void A_bias_that_is_no_number_is_refused()
    {
        double[] bias = [7, 7];
        new PerGroupInitializer(new Broken(double.NaN)).Invoking(initializer => initializer.InitializeBias<double>(bias, s_convolution, 1)).Should().Throw<ArgumentException>();
        bias.Should().OnlyContain(value => value == 7);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    public void A_network_keeps_its_weights(double weight, double bias)
    {
        DenseNetwork network = new(DenseLayer.Stack([2, 3], LayerActivation.Relu), RowSource.From([1.0, 2, 3, 4], 2));
        double[] before = [.. network.Parameters[0].Weights];
        FluentActions.Invoking(() => LayerwiseInitializer.Apply(network, (_, _) => new Broken(weight, bias)))
            .Should().Throw<ArgumentException>().WithParameterName("initializerOf").WithMessage("*layer 0*");
        network.Parameters[0].Weights.Should().Equal(before);
    }

    private sealed class Broken(double weight, double bias = double.NaN) : IBiasInitializer
    {
        public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            weights.Fill(T.One);
            weights[^1] = T.CreateTruncating(weight);
        }

        public void InitializeBias<T>(Span<T> values, WeightShape shape, ulong seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => values.Fill(T.CreateTruncating(bias));
    }
}
