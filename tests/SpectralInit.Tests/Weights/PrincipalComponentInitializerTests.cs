namespace SpectralInit.Tests.Weights;

public class PrincipalComponentInitializerTests
{
    // Five rows in the plane x₃ = 2 of space: rank 2, one constant column.
    private static readonly double[] s_plane = [4, 0, 2, -4, 0, 2, 0, 1, 2, 0, -1, 2, 5, 5, 2];
    private static readonly DataSpectrum s_spectrum = DataSpectrum.Fit(RowSource.From(s_plane, 3));

    private static double[] Gram(ReadOnlySpan<double> rows, int count, int d)
    {
        double[] gram = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                for (int c = 0; c < d; c++)
                    gram[(i * count) + j] += rows[(i * d) + c] * rows[(j * d) + c];
            }
        }

        return gram;
    }

    private static void ShouldBeIdentity(double[] gram, int count)
    {
        for (int i = 0; i < gram.Length; i++)
            gram[i].Should().BeApproximately(i % (count + 1) == 0 ? 1 : 0, 1e-13);
    }

    [Fact]
    public void Rows_are_the_leading_eigenvectors()
    {
        double[] w = new PrincipalComponentInitializer(s_spectrum).Create<double>(WeightShape.Dense(3, 2));
        w.Should().Equal(s_spectrum.Components.Vectors[..6]);
        ShouldBeIdentity(Gram(w, 2, 3), 2);
    }

    [Theory]
    [InlineData(WeightLayout.OutputsFirst)]
    [InlineData(WeightLayout.InputsFirst)]
    public void Layouts_store_the_same_matrix(WeightLayout layout)
    {
        // 3 features = 1 channel × 3 taps, and 3 channels × 1 tap.
        foreach (WeightShape shape in new[] { WeightShape.Dense(3, 2, layout), WeightShape.Convolution(1, 2, [3], layout: layout), WeightShape.Convolution(3, 2, [1, 1], layout: layout) })
        {
            double[] w = new PrincipalComponentInitializer(s_spectrum).Create<double>(shape);
            for (int row = 0; row < 2; row++)
            {
                for (int column = 0; column < 3; column++)
                    w[layout == WeightLayout.OutputsFirst ? (row * 3) + column : (column * 2) + row].Should().Be(s_spectrum.Components.Vectors[(row * 3) + column]);
            }
        }
    }

    [Fact]
    public void Kernel_axes_come_before_channels_when_inputs_come_first()
    {
        // 2 channels × 2 taps; features are ordered (channel, tap).
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From([1.0, 2, 3, 5, 0, 1, 0, 2, 7, 1, 1, 0, 3, 3, 2, 8, 1, 0, 0, 9], 4));
        double[] direct = new PrincipalComponentInitializer(spectrum).Create<double>(WeightShape.Convolution(2, 3, [2]));
        double[] keras = new PrincipalComponentInitializer(spectrum).Create<double>(WeightShape.Convolution(2, 3, [2], layout: WeightLayout.InputsFirst));
        for (int o = 0; o < 3; o++)
        {
            for (int channel = 0; channel < 2; channel++)
            {
                for (int tap = 0; tap < 2; tap++)
                    keras[(((tap * 2) + channel) * 3) + o].Should().Be(direct[(o * 4) + (channel * 2) + tap]);
            }
        }
    }

    [Fact]
    public void The_bias_centres_the_data()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum);
        foreach (WeightLayout layout in Enum.GetValues<WeightLayout>())
        {
            WeightShape shape = WeightShape.Dense(3, 3, layout);
            double[] w = initializer.Create<double>(shape, 7), b = initializer.CreateBias<double>(shape, 7);
            for (int o = 0; o < 3; o++)
            {
                double mean = 0;
                for (int row = 0; row < 5; row++)
                {
                    mean += b[o];
                    for (int c = 0; c < 3; c++)
                        mean += s_plane[(row * 3) + c] * w[layout == WeightLayout.OutputsFirst ? (o * 3) + c : (c * 3) + o];
                }

                mean.Should().BeApproximately(0, 1e-13);
            }
        }

        initializer.CreateBias<Half>(WeightShape.Dense(3, 0)).Should().BeEmpty();
        FluentActions.Invoking(() => initializer.InitializeBias(new float[4], WeightShape.Dense(3, 3), 0)).Should().Throw<ArgumentException>().WithParameterName("bias");
    }

    [Fact]
    public void Float_and_half_are_the_double_weights_rounded_once()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum);
        double[] w = initializer.Create<double>(WeightShape.Dense(3, 3));
        initializer.Create<float>(WeightShape.Dense(3, 3)).Should().Equal(w.Select(value => (float)value));
        initializer.Create<Half>(WeightShape.Dense(3, 3)).Should().Equal(w.Select(value => (Half)value));
    }

    [Fact]
    public void The_orthogonal_complement_reaches_every_feature_and_no_further()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum);
        ShouldBeIdentity(Gram(initializer.Create<double>(WeightShape.Dense(3, 3)), 3, 3), 3);
        FluentActions.Invoking(() => initializer.Create<double>(WeightShape.Dense(3, 4))).Should().Throw<ArgumentException>().WithParameterName("shape").WithMessage("*HeRemainder*");
    }

    [Fact]
    public void A_random_complement_is_orthonormal_and_follows_the_seed()
    {
        // Two rows span one direction; 40 features leave 39 to fill at random.
        double[] rows = new double[80];
        rows[3] = 1;
        rows[45] = -2;
        PrincipalComponentInitializer initializer = new(DataSpectrum.Fit(RowSource.From(rows, 40), new() { Components = 1 }));
        double[] w = initializer.Create<double>(WeightShape.Dense(40, 40), 5);
        ShouldBeIdentity(Gram(w, 40, 40), 40);
        initializer.Create<double>(WeightShape.Dense(40, 40), 5).Should().Equal(w);
        double[] other = initializer.Create<double>(WeightShape.Dense(40, 40), 6);
        other[..40].Should().Equal(w[..40]);
        other[40..].Should().NotEqual(w[40..]);
    }

    [Fact]
    public void Mirrored_pairs_repeat_the_directions_with_the_other_sign()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum, new() { Completion = ComponentCompletion.MirroredPairs });
        double[] w = initializer.Create<double>(WeightShape.Dense(3, 4));
        w[6..].Should().Equal(w[..6].Select(value => -value));
        FluentActions.Invoking(() => initializer.Create<double>(WeightShape.Dense(3, 5))).Should().Throw<ArgumentException>().WithParameterName("shape");
    }

    [Fact]
    public void The_he_remainder_has_he_variance()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum, new() { Completion = ComponentCompletion.HeRemainder, Scaling = ComponentScaling.Proportional });
        double[] w = initializer.Create<double>(WeightShape.Dense(3, 20_002), 3);
        double variance = w.Skip(6).Average(value => value * value);

        // 60,000 squares of N(0, 2/3): standard error (2/3)·√(2/60000).
        variance.Should().BeApproximately(2.0 / 3, 5 * (2.0 / 3) * Math.Sqrt(2.0 / 60_000));
    }

    [Fact]
    public void Throw_throws() =>
        FluentActions.Invoking(() => new PrincipalComponentInitializer(s_spectrum, new() { Completion = ComponentCompletion.Throw }).Create<float>(WeightShape.Dense(3, 3)))
            .Should().Throw<ArgumentException>().WithParameterName("shape");

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 2.5)]
    [InlineData(3, 0.1)]
    public void Proportional_scaling_reaches_the_target_variance_on_the_data(int outputs, double target)
    {
        PrincipalComponentInitializer initializer = new(s_spectrum, new() { Scaling = ComponentScaling.Proportional, TargetVariance = target });
        WeightShape shape = WeightShape.Dense(3, outputs);
        double[] w = initializer.Create<double>(shape), b = initializer.CreateBias<double>(shape);
        int principal = Math.Min(2, outputs);
        double sum = 0;
        for (int o = 0; o < principal; o++)
        {
            for (int row = 0; row < 5; row++)
            {
                double y = b[o];
                for (int c = 0; c < 3; c++)
                    y += s_plane[(row * 3) + c] * w[(o * 3) + c];
                sum += y * y / 4;
            }
        }

        (sum / principal).Should().BeApproximately(target, 1e-12);
    }

    [Fact]
    public void Too_few_fitted_components_are_told_and_not_filled_in()
    {
        PrincipalComponentInitializer initializer = new(DataSpectrum.Fit(RowSource.From(s_plane, 3), new() { Components = 1 }));
        FluentActions.Invoking(() => initializer.Create<double>(WeightShape.Dense(3, 2))).Should().Throw<ArgumentException>().WithMessage("*Components = 2*").WithParameterName("shape");
    }

    [Fact]
    public void Gates_and_packed_parts_get_the_same_directions()
    {
        double[] w = new PrincipalComponentInitializer(s_spectrum).Create<double>(WeightShape.Packed(3, 2));
        w[6..12].Should().Equal(w[..6]);
        w[12..].Should().Equal(w[..6]);
    }

    [Fact]
    public void Shapes_that_do_not_read_the_features_are_refused_and_the_destination_stays()
    {
        PrincipalComponentInitializer initializer = new(s_spectrum);
        foreach (WeightShape shape in new[]
        {
            WeightShape.Dense(4, 2), WeightShape.Convolution(2, 2, [3], groups: 2), WeightShape.Depthwise(2, [3]), WeightShape.Embedding(2, 3),
            WeightShape.TransposedConvolution(3, 3, [1]),
        })
        {
            float[] w = [.. Enumerable.Repeat(9f, shape.Count)];
            FluentActions.Invoking(() => initializer.Initialize<float>(w, shape, 0)).Should().Throw<ArgumentException>().WithParameterName("shape");
            w.Should().OnlyContain(value => value == 9f);
        }

        FluentActions.Invoking(() => initializer.Initialize(new float[5], WeightShape.Dense(3, 2), 0)).Should().Throw<ArgumentException>().WithParameterName("weights");
        initializer.Create<float>(WeightShape.Dense(3, 0)).Should().BeEmpty();
        initializer.Create<float>(WeightShape.Dense(0, 4)).Should().BeEmpty();
    }

    [Fact]
    public void Constant_data_have_no_direction_to_scale()
    {
        DataSpectrum constant = DataSpectrum.Fit(RowSource.From([1.0, 2, 1, 2, 1, 2], 2));
        constant.Rank.Should().Be(0);
        ShouldBeIdentity(Gram(new PrincipalComponentInitializer(constant).Create<double>(WeightShape.Dense(2, 2)), 2, 2), 2);
        FluentActions.Invoking(() => new PrincipalComponentInitializer(constant, new() { Scaling = ComponentScaling.Proportional })).Should().Throw<ArgumentException>().WithParameterName("spectrum");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_target_variance_is_a_positive_number(double target) =>
        FluentActions.Invoking(() => new PrincipalComponentInitializer(s_spectrum, new() { TargetVariance = target })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("TargetVariance");
}
