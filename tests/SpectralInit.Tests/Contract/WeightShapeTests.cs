namespace SpectralInit.Tests.Contract;

public class WeightShapeTests
{
    // kind, fan in, fan out, rows, columns, [dimensions], [dimensions inputs first]: counted by hand from the definition of each layer.
    public static TheoryData<string, int, int, int, int, int[], int[]> Table => new()
    {
        { "dense", 784, 128, 128, 784, [128, 784], [784, 128] },
        { "conv1", 12, 24, 8, 12, [8, 4, 3], [3, 4, 8] },
        { "conv2", 147, 3136, 64, 147, [64, 3, 7, 7], [7, 7, 3, 64] },
        { "conv3", 2 * 24, 5 * 24, 5, 48, [5, 2, 2, 3, 4], [2, 3, 4, 2, 5] },
        { "grouped", 2 * 9, 3 * 9, 12, 18, [12, 2, 3, 3], [3, 3, 2, 12] },
        { "transposed", 2 * 9, 3 * 9, 8, 27, [8, 3, 3, 3], [3, 3, 3, 8] },
        { "depthwise", 9, 18, 8, 9, [8, 1, 3, 3], [3, 3, 1, 8] },
        { "embedding", 1, 16, 1000, 16, [1000, 16], [1000, 16] },
        { "lstm", 10, 20, 80, 10, [80, 10], [10, 80] },
        { "qkv", 32, 32, 96, 32, [96, 32], [32, 96] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Fans_and_dimensions_are_the_true_ones(string kind, int fanIn, int fanOut, int rows, int columns, int[] dimensions, int[] turned)
    {
        WeightShape shape = Make(kind);
        (shape.FanIn, shape.FanOut, shape.Rows, shape.Columns).Should().Be((fanIn, fanOut, rows, columns));
        shape.Dimensions.Should().Equal(dimensions);
        shape.With(WeightLayout.InputsFirst).Dimensions.Should().Equal(turned);
        shape.Count.Should().Be(dimensions.Aggregate(1, (x, y) => x * y)).And.Be(rows * columns);
        shape.ToString().Should().Contain($"fan_in {fanIn}, fan_out {fanOut}, {rows} × {columns}");
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Equality_is_by_value(string kind, int fanIn, int fanOut, int rows, int columns, int[] dimensions, int[] turned)
    {
        WeightShape shape = Make(kind);
        shape.Should().Be(Make(kind));
        shape.GetHashCode().Should().Be(Make(kind).GetHashCode());
        (shape == shape.With(WeightLayout.InputsFirst)).Should().Be(kind == "embedding");
        _ = (fanIn, fanOut, rows, columns, dimensions, turned);
    }

    [Fact]
    public void Empty_tensors_are_shapes_too()
    {
        foreach (WeightShape shape in new[] { WeightShape.Dense(0, 0), WeightShape.Dense(0, 5), WeightShape.Depthwise(0, [3]), WeightShape.Convolution(0, 4, [3, 3]), WeightShape.Embedding(0, 0), WeightShape.Recurrent(0, 0, 4) })
        {
            shape.Count.Should().Be(0);
            shape.Dimensions.Should().Contain(0);
            shape.ToString().Should().NotBeEmpty();
        }
    }

    [Fact]
    public void Names_and_numbers_derive_distinct_reproducible_seeds()
    {
        // Version 1 of the rule, frozen; the first by FNV-1a and SplitMix64 in Python.
        Seeds.Derive(1, "encoder.fc1").Should().Be(Seeds.Derive(1, "encoder.fc1"));
        ulong[] derived = [.. Enumerable.Range(0, 2000).SelectMany(i => new[] { Seeds.Derive((ulong)i, ""), Seeds.Derive((ulong)i, "a"), Seeds.Derive((ulong)i, "A"), Seeds.Derive((ulong)i, 0), Seeds.Derive(7, (ulong)i), Seeds.Derive(7, $"layer{i}") })];
        derived.Distinct().Should().HaveCount(derived.Length - 1, "Derive(7, 0) is listed twice");
        Seeds.Derive(42, "fc1").Should().Be(0x2B5090DAAB2BF39);
        Seeds.Derive(42, 3).Should().Be(0xC4B6B24EF01890E);
    }

    private static WeightShape Make(string kind) => kind switch
    {
        "dense" => WeightShape.Dense(784, 128),
        "conv1" => WeightShape.Convolution(4, 8, [3]),
        "conv2" => WeightShape.Convolution(3, 64, [7, 7]),
        "conv3" => WeightShape.Convolution(2, 5, [2, 3, 4]),
        "grouped" => WeightShape.Convolution(8, 12, [3, 3], groups: 4),
        "transposed" => WeightShape.TransposedConvolution(8, 12, [3, 3], groups: 4),
        "depthwise" => WeightShape.Depthwise(4, [3, 3], multiplier: 2),
        "embedding" => WeightShape.Embedding(1000, 16),
        "lstm" => WeightShape.Recurrent(10, 20, gates: 4),
        _ => WeightShape.Packed(32, 32, parts: 3),
    };
}
