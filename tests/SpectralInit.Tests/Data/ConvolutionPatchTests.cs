using SpectralInit.Kernels;

namespace SpectralInit.Tests.Data;

/// <summary>Patches as a convolution sees them, against im2col written out entry by entry.</summary>
public class ConvolutionPatchTests
{
    public sealed record Convolved(int Images, int[] Size, int[] Kernel, int Channels, int Groups, int Stride, int Dilation, int? Padding, ConvolutionBoundary Boundary)
    {
        public WeightShape Shape => WeightShape.Convolution(Channels, 2 * Groups, Kernel, Groups);

        public ConvolutionGeometry Geometry => new(Size) { Stride = Stride, Dilation = Dilation, Padding = Padding, Boundary = Boundary };

        public int Values => Channels * Size.Aggregate(1, (a, b) => a * b);

        public override string ToString() => $"{Images} images {string.Join('x', Size)}x{Channels}/{Groups} kernel {string.Join('x', Kernel)} stride {Stride} dilation {Dilation} padding {Padding} {Boundary}";
    }

    public static TheoryData<Convolved> Convolutions =>
    [
        new(2, [5, 6], [3, 3], 1, 1, 1, 1, null, ConvolutionBoundary.Zero),
        new(2, [5, 6], [3, 3], 2, 1, 1, 1, 0, ConvolutionBoundary.Zero),
        new(2, [5, 6], [2, 3], 4, 2, 2, 1, 1, ConvolutionBoundary.Zero),
        new(1, [7, 5], [3, 2], 6, 3, 2, 2, 3, ConvolutionBoundary.Zero),
        new(3, [4, 7], [3, 3], 3, 3, 3, 2, 2, ConvolutionBoundary.Zero),
        new(2, [6, 4], [5, 3], 2, 2, 1, 1, 2, ConvolutionBoundary.Circular),
        new(2, [3, 4], [3, 3], 2, 1, 1, 3, 5, ConvolutionBoundary.Circular),
        new(2, [1, 5], [1, 3], 2, 1, 1, 1, 1, ConvolutionBoundary.Zero),
        new(1, [1, 1], [1, 1], 1, 1, 1, 1, 0, ConvolutionBoundary.Zero),
        new(2, [3, 3], [5, 5], 1, 1, 1, 1, 1, ConvolutionBoundary.Zero),
        new(3, [11], [4], 4, 2, 2, 2, 1, ConvolutionBoundary.Zero),
        new(2, [3, 4, 5], [2, 3, 2], 4, 2, 2, 1, 1, ConvolutionBoundary.Zero),
        new(2, [4, 3, 5], [3, 3, 3], 2, 1, 1, 1, null, ConvolutionBoundary.Circular),
    ];

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void They_are_im2col(Convolved c)
    {
        foreach (bool channelsLast in (bool[])[false, true])
        {
            double[] images = Images(c);
            double[] expected = Im2Col(c, images, channelsLast);
            PatchSource all = PatchSource.Of(RowSource.From(images, c.Values), c.Shape, c.Geometry, channelsLast);
            all.Columns.Should().Be(c.Shape.Columns);
            all.RowCount.Should().Be(expected.Length / all.Columns);
            foreach (int block in (int[])[1, 7, 64])
                RowSourceTests.ReadAll<double>(all, block).Should().Equal(expected);
            RowSourceTests.ReadAll<float>(all, 5).Should().Equal(expected.Select(value => (float)value));

            IReadOnlyList<PatchSource> perGroup = PatchSource.PerGroup(RowSource.From(images, c.Values), c.Shape, c.Geometry, channelsLast);
            perGroup.Should().HaveCount(c.Groups);
            for (int g = 0; g < c.Groups; g++)
                RowSourceTests.ReadAll<double>(perGroup[g], 3).Should().Equal(OfGroup(expected, all.Columns, c.Groups, g));
        }
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Filters_times_patches_are_the_convolution(Convolved c)
    {
        double[] kernel = new double[c.Shape.Count], image = Images(c)[..c.Values];
        RandomFill.Normal<double>(kernel, 0, 1, 5);
        ConvolutionOperator map = new(kernel, c.Shape, c.Geometry);
        double[] expected = new double[map.Rows];
        map.Apply(image, expected);

        double[] patches = [.. RowSourceTests.ReadAll<double>(PatchSource.Of(RowSource.From(image, c.Values), c.Shape, c.Geometry, channelsLast: false), 10)];
        int d = c.Shape.Columns, positions = patches.Length / d / c.Groups;
        for (int output = 0; output < c.Shape.Outputs; output++)
        {
            for (int position = 0; position < positions; position++)
            {
                double sum = 0;
                int row = (position * c.Groups) + (output / 2);
                for (int i = 0; i < d; i++)
                    sum += kernel[(output * d) + i] * patches[(row * d) + i];
                sum.Should().BeApproximately(expected[(output * positions) + position], 1e-12);
            }
        }
    }

    [Fact]
    public void Options_say_the_same_as_shape_and_geometry()
    {
        foreach (bool channelsLast in (bool[])[false, true])
        {
            Convolved c = new(3, [6, 5], [3, 2], 4, 2, 2, 2, 2, ConvolutionBoundary.Circular);
            double[] images = Images(c);
            PatchOptions Options(int? group) => new()
            {
                Height = 6,
                Width = 5,
                Channels = 4,
                PatchHeight = 3,
                PatchWidth = 2,
                Stride = 2,
                Dilation = 2,
                Padding = 2,
                Boundary = ConvolutionBoundary.Circular,
                Groups = 2,
                Group = group,
                ChannelsLast = channelsLast,
            };
            double[] expected = Im2Col(c, images, channelsLast);
            PatchSource all = new(RowSource.From(images, c.Values), Options(null));
            RowSourceTests.ReadAll<double>(all, 4).Should().Equal(expected);
            (all.Down * all.Across * 2).Should().Be(all.PatchesPerImage);
            RowSourceTests.ReadAll<double>(new PatchSource(RowSource.From(images, c.Values), Options(1)), 4).Should().Equal(OfGroup(expected, 12, 2, 1));
        }
    }

    [Fact]
    public void Every_data_driven_initializer_works_through_them_group_by_group()
    {
        // Two groups of two channels, with padding and dilation, in Keras and PyTorch order: filters of a group are those of its own materialized patches.
        Convolved c = new(60, [9, 8], [3, 3], 4, 2, 1, 2, null, ConvolutionBoundary.Zero);
        double[] images = Images(c), all = Im2Col(c, images, channelsLast: false);
        IReadOnlyList<PatchSource> sources = PatchSource.PerGroup(RowSource.From(images, c.Values), c.Shape, c.Geometry, channelsLast: false);
        IRowSource[] materialized = [.. Enumerable.Range(0, 2).Select(g => RowSource.From(OfGroup(all, 18, 2, g), 18))];
        (string Name, Func<IRowSource, IBiasInitializer> Fit)[] initializers =
        [
            ("principal patches", rows => new PrincipalComponentInitializer(DataSpectrum.Fit(rows))),
            ("spectral power", rows => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1)),
            ("ZCA", rows => new WhiteningInitializer(Whitening.Fit(rows, new() { Kind = WhiteningKind.ZeroPhase }))),
            ("k-means", rows => new SphericalKMeansInitializer(SphericalKMeans.Fit(rows, new() { Clusters = 8 }))),
        ];
        WeightShape shape = WeightShape.Convolution(4, 16, [3, 3], 2);
        foreach ((string name, Func<IRowSource, IBiasInitializer> fit) in initializers)
        {
            PerGroupInitializer grouped = new(sources.Select(fit));
            double[] weights = grouped.Create<double>(shape, 3), bias = grouped.CreateBias<double>(shape, 3);
            double[] keras = grouped.Create<double>(shape.With(WeightLayout.InputsFirst), 3);
            for (int g = 0; g < 2; g++)
            {
                IBiasInitializer own = fit(materialized[g]);
                double[] expected = own.Create<double>(WeightShape.Convolution(2, 8, [3, 3]), Seeds.Derive(3, (ulong)g));
                for (int i = 0; i < expected.Length; i++)
                    weights[(g * expected.Length) + i].Should().BeApproximately(expected[i], 1e-9, name);
                double[] centering = own.CreateBias<double>(WeightShape.Convolution(2, 8, [3, 3]), Seeds.Derive(3, (ulong)g));
                for (int i = 0; i < 8; i++)
                    bias[(g * 8) + i].Should().BeApproximately(centering[i], 1e-9, name);
            }

            for (int o = 0; o < 16; o++)
            {
                for (int channel = 0; channel < 2; channel++)
                {
                    for (int tap = 0; tap < 9; tap++)
                        keras[(((tap * 2) + channel) * 16) + o].Should().Be(weights[(((o * 2) + channel) * 9) + tap], name);
                }
            }
        }
    }

    [Fact]
    public void One_initializer_serves_all_groups_with_draws_of_their_own()
    {
        WeightShape depthwise = WeightShape.Depthwise(3, [3, 3], 4);
        double[] weights = new PerGroupInitializer(new OrthogonalInitializer()).Create<double>(depthwise, 7);
        for (int g = 0; g < 3; g++)
            weights.AsSpan(g * 36, 36).ToArray().Should().Equal(new OrthogonalInitializer().Create<double>(WeightShape.Convolution(1, 4, [3, 3]), Seeds.Derive(7, (ulong)g)));
        weights[..36].Should().NotEqual(weights[36..72]);
        new PerGroupInitializer(new HeInitializer()).CreateBias<double>(depthwise).Should().OnlyContain(value => value == 0);
        WeightShape transposed = WeightShape.TransposedConvolution(4, 6, [2], 2, WeightLayout.InputsFirst);
        new PerGroupInitializer(new OrthogonalInitializer()).Create<double>(transposed).Should().HaveCount(transposed.Count).And.NotContain(0);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        IRowSource images = RowSource.From(new double[2 * 36], 36);
        WeightShape shape = WeightShape.Convolution(4, 8, [3, 3], 2);
        IWeightInitializer he = new HeInitializer();
        PatchOptions Options(int padding = 0, int dilation = 1, int groups = 1, int? group = null, int boundary = 0) =>
            new() { Height = 3, Width = 3, Channels = 4, PatchHeight = 3, PatchWidth = 3, Padding = padding, Dilation = dilation, Groups = groups, Group = group, Boundary = (ConvolutionBoundary)boundary };
        (Action Call, string Parameter)[] calls =
        [
            (() => _ = new PatchSource(images, Options(padding: -1)), "Padding"),
            (() => _ = new PatchSource(images, Options(dilation: 0)), "Dilation"),
            (() => _ = new PatchSource(images, Options(dilation: 2)), "PatchHeight"),
            (() => _ = new PatchSource(images, Options(groups: 3)), "Groups"),
            (() => _ = new PatchSource(images, Options(groups: 2, group: 2)), "Group"),
            (() => _ = new PatchSource(images, Options(boundary: 7)), "Boundary"),
            (() => _ = new PatchSource(images, null!), "options"),
            (() => _ = new PatchSource(null!, Options()), "images"),
            (() => PatchSource.Of(images, shape, new(4, 4), false), "shape"),
            (() => PatchSource.Of(images, shape, new(3, 3) { Stride = 0 }, false), "geometry"),
            (() => PatchSource.Of(images, shape, new(3), false), "shape"),
            (() => PatchSource.Of(images, shape, new(3, 3), false, 2), "group"),
            (() => PatchSource.Of(images, WeightShape.Dense(9, 4), new(3, 3), false), "shape"),
            (() => PatchSource.PerGroup(images, null!, new(3, 3), false), "shape"),
            (() => _ = new PerGroupInitializer(), "groups"),
            (() => _ = new PerGroupInitializer((IEnumerable<IWeightInitializer>)null!), "groups"),
            (() => new PerGroupInitializer(he, null!), "groups"),
            (() => new PerGroupInitializer(he, he, he).Create<float>(shape), "shape"),
            (() => new PerGroupInitializer(he).Create<float>(WeightShape.Dense(3, 3)), "shape"),
            (() => new PerGroupInitializer(he).InitializeBias<float>(new float[3], shape, 0), "bias"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }

    private static double[] Images(Convolved c)
    {
        double[] images = new double[c.Images * c.Values];
        RandomFill.Normal<double>(images, 0.5, 1, 9);
        return images;
    }

    private static double[] OfGroup(double[] patches, int d, int groups, int group) =>
        [.. patches.Chunk(d).Where((_, row) => row % groups == group).SelectMany(patch => patch)];

    // Straight from the definition, for up to three axes: [image, position, group] rows of [channel, tap].
    private static double[] Im2Col(Convolved c, double[] images, bool channelsLast)
    {
        int[] size = [.. Enumerable.Repeat(1, 3 - c.Size.Length), .. c.Size], kernel = [.. Enumerable.Repeat(1, 3 - c.Size.Length), .. c.Kernel];
        int[] padding = [.. Enumerable.Repeat(0, 3 - c.Size.Length), .. c.Kernel.Select(k => c.Padding ?? (c.Dilation * (k - 1) / 2))];
        int[] output = [.. Enumerable.Range(0, 3).Select(a => a < 3 - c.Size.Length ? 1 : ((size[a] + (2 * padding[a]) - (c.Dilation * (kernel[a] - 1)) - 1) / c.Stride) + 1)];
        int perGroup = c.Channels / c.Groups, plane = size[0] * size[1] * size[2];
        List<double> rows = [];
        for (int image = 0; image < c.Images; image++)
            for (int z = 0; z < output[0]; z++)
                for (int y = 0; y < output[1]; y++)
                    for (int x = 0; x < output[2]; x++)
                        for (int g = 0; g < c.Groups; g++)
                            for (int channel = g * perGroup; channel < (g + 1) * perGroup; channel++)
                                for (int kz = 0; kz < kernel[0]; kz++)
                                    for (int ky = 0; ky < kernel[1]; ky++)
                                        for (int kx = 0; kx < kernel[2]; kx++)
                                        {
                                            int[] at = [(z * c.Stride) + (kz * c.Dilation) - padding[0], (y * c.Stride) + (ky * c.Dilation) - padding[1], (x * c.Stride) + (kx * c.Dilation) - padding[2]];
                                            if (c.Boundary == ConvolutionBoundary.Circular)
                                                at = [.. at.Select((value, axis) => ((value % size[axis]) + size[axis]) % size[axis])];
                                            bool outside = Enumerable.Range(0, 3).Any(axis => at[axis] < 0 || at[axis] >= size[axis]);
                                            int pixel = outside ? 0 : (((at[0] * size[1]) + at[1]) * size[2]) + at[2];
                                            rows.Add(outside ? 0 : images[(image * c.Values) + (channelsLast ? (pixel * c.Channels) + channel : (channel * plane) + pixel)]);
                                        }

        return [.. rows];
    }
}
