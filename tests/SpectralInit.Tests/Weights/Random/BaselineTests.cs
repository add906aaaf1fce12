using System.Globalization;

namespace SpectralInit.Tests.Weights;

public class BaselineTests
{
    private static readonly WeightShape s_layer = WeightShape.Dense(400, 500);

    [Fact]
    public void Gains_fans_deviations_and_dirac_filters_are_torchs()
    {
        int checkedLines = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Random", "torch-formulas.txt")))
        {
            string[] parts = line.Split(' ');
            double Number(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
            if (parts[0] == "gain")
            {
                double gain = parts[1] switch
                {
                    "linear" => Gain.Linear,
                    "sigmoid" => Gain.Sigmoid,
                    "tanh" => Gain.Tanh,
                    "relu" => Gain.Relu,
                    "selu" => Gain.Selu,
                    _ => Gain.LeakyRelu(Number(2)),
                };
                gain.Should().Be(Number(3), line);
            }
            else if (parts[0] == "dirac")
            {
                int groups = int.Parse(parts[2], CultureInfo.InvariantCulture);
                float[] expected = [.. parts[3].Split(',').Select(x => float.Parse(x, CultureInfo.InvariantCulture))];
                new DiracInitializer().Create<float>(ShapeOf(parts[1], groups), 0).Should().Equal(expected, line);
            }
            else
            {
                WeightShape shape = ShapeOf(parts[1], 1);
                switch (parts[0])
                {
                    case "fan":
                        (shape.FanIn, shape.FanOut).Should().Be(((int)Number(2), (int)Number(3)), line);
                        break;
                    case "xavier":
                        Math.Sqrt(new XavierInitializer().Variance(shape)).Should().BeApproximately(Number(2), 1e-15, line);
                        Math.Sqrt(3 * new XavierInitializer().Variance(shape)).Should().BeApproximately(Number(3), 1e-15, line);
                        break;
                    default:
                        Math.Sqrt(new HeInitializer().Variance(shape)).Should().BeApproximately(Number(2), 1e-15, line);
                        Math.Sqrt(3 * new HeInitializer().Variance(shape)).Should().BeApproximately(Number(3), 1e-15, line);
                        break;
                }
            }

            checkedLines++;
        }

        checkedLines.Should().Be(30);
    }

    // Keras 3 and JAX: variance scale/fan; "normal" is truncated at ±2 deviations and divided by .87962566103423978; uniform limit √(3·scale/fan).
    [Theory]
    [InlineData("glorot", 3, 5, 1.0 / 4)]
    [InlineData("he", 3, 5, 2.0 / 3)]
    [InlineData("lecun", 3, 5, 1.0 / 3)]
    [InlineData("lecun", 784, 10, 1.0 / 784)]
    [InlineData("geometric", 4, 9, 1.0 / 6)]
    [InlineData("out", 4, 9, 1.0 / 9)]
    public void Keras_and_jax_formulas(string name, int inputs, int outputs, double variance)
    {
        VarianceScalingInitializer Make(WeightDistribution distribution) => name switch
        {
            "glorot" => new XavierInitializer(distribution: distribution),
            "he" => new HeInitializer(distribution: distribution),
            "lecun" => new LeCunInitializer(distribution),
            "geometric" => new VarianceScalingInitializer(1, FanMode.Geometric, distribution),
            _ => new VarianceScalingInitializer(1, FanMode.Out, distribution),
        };
        WeightShape shape = WeightShape.Dense(inputs, outputs, WeightLayout.InputsFirst);
        Make(WeightDistribution.Uniform).Variance(shape).Should().BeApproximately(variance, 1e-16);
        double limit = Math.Sqrt(3 * variance), cut = 2 * Math.Sqrt(variance) / 0.87962566103423978;
        double[] uniform = Many(Make(WeightDistribution.Uniform), shape), truncated = Many(Make(WeightDistribution.TruncatedNormal), shape);
        uniform.Max(Math.Abs).Should().BeInRange(0.999 * limit, limit);
        truncated.Max(Math.Abs).Should().BeInRange(0.99 * cut, cut);
    }

    [Theory]
    [InlineData(WeightDistribution.Normal)]
    [InlineData(WeightDistribution.TruncatedNormal)]
    [InlineData(WeightDistribution.Uniform)]
    public void Variance_scaling_follows_its_exact_distribution(WeightDistribution distribution)
    {
        foreach (VarianceScalingInitializer subject in new VarianceScalingInitializer[]
        {
            new HeInitializer(distribution: distribution), new XavierInitializer(Gain.Tanh, distribution), new LeCunInitializer(distribution),
            new VarianceScalingInitializer(3, FanMode.Out, distribution), new VarianceScalingInitializer(3, FanMode.Geometric, distribution),
        })
        {
            double deviation = Math.Sqrt(subject.Variance(s_layer));
            Func<double, double> truncated = Distribution.TruncatedNormalCdf(-2, 2);
            double Cdf(double x) => distribution switch
            {
                WeightDistribution.Normal => Distribution.NormalCdf(x / deviation),
                WeightDistribution.Uniform => Distribution.UniformCdf(x, -Math.Sqrt(3) * deviation, Math.Sqrt(3) * deviation),
                _ => truncated(x / deviation * 0.87962566103423978),
            };
            CheckDistribution(subject, Cdf, 0, deviation * deviation, distribution switch { WeightDistribution.Normal => 3, WeightDistribution.Uniform => 1.8, _ => 2.3655 });
        }
    }

    [Fact]
    public void Normal_uniform_and_truncated_follow_their_exact_distributions()
    {
        Func<double, double> relative = Distribution.TruncatedNormalCdf(-1, 3), absolute = Distribution.TruncatedNormalCdf(-1, 1);
        CheckDistribution(new NormalInitializer(2, 0.3), x => Distribution.NormalCdf((x - 2) / 0.3), 2, 0.09, 3);
        CheckDistribution(new UniformInitializer(-1, 4), x => Distribution.UniformCdf(x, -1, 4), 1.5, 25.0 / 12, 1.8);
        CheckDistribution(new TruncatedNormalInitializer(1, 2, -1, 3), x => relative((x - 1) / 2), null, null, 3);
        CheckDistribution(new TruncatedNormalInitializer(1, 2, -1, 3, TruncationBounds.Absolute), x => absolute((x - 1) / 2), null, null, 3);
        CheckDistribution(new TruncatedNormalInitializer(0, 0.5, -3, 3, correctVariance: true), null, 0, 0.25, 3);
        CheckDistribution(new TruncatedNormalInitializer(0, 0.5, -1, 1, TruncationBounds.Absolute, correctVariance: true), null, 0, 0.25, 3);
    }

    [Fact]
    public void Layers_of_different_names_are_uncorrelated()
    {
        double[] first = new HeInitializer().Create<double>(s_layer, Seeds.Derive(1, "fc1")), second = new HeInitializer().Create<double>(s_layer, Seeds.Derive(1, "fc2"));
        double correlation = first.Zip(second, (x, y) => x * y).Sum() / Math.Sqrt(first.Sum(x => x * x) * second.Sum(x => x * x));
        Math.Abs(correlation).Should().BeLessThan(4.5 / Math.Sqrt(first.Length));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Sparse_zeroes_the_promised_number_per_input_in_the_same_places_for_both_layouts(double sparsity)
    {
        SparseInitializer subject = new(sparsity, 0.5);
        foreach (WeightShape shape in new[] { WeightShape.Dense(7, 13), WeightShape.Recurrent(5, 6, 3), WeightShape.Convolution(3, 5, [2, 2]) })
        {
            double[] weights = subject.Create<double>(shape, 4), turned = subject.Create<double>(shape.With(WeightLayout.InputsFirst), 4);
            int rows = shape.Rows / shape.Blocks;
            for (int block = 0; block < shape.Blocks; block++)
            {
                for (int column = 0; column < shape.Columns; column++)
                {
                    int[] entries = [.. Enumerable.Range(block * rows, rows)];
                    entries.Count(row => weights[(row * shape.Columns) + column] == 0).Should().Be((int)Math.Ceiling(sparsity * rows));
                    foreach (int row in entries)
                        (turned[WeightMatrix.IndexOf(shape.With(WeightLayout.InputsFirst), row, column)] == 0).Should().Be(weights[(row * shape.Columns) + column] == 0);
                }
            }
        }

        // Zeros fall everywhere alike: 40 seeds of 13 × 7 with a binomial bound.
        int[] hits = new int[13 * 7];
        for (ulong seed = 0; seed < 400; seed++)
        {
            double[] weights = subject.Create<double>(WeightShape.Dense(7, 13), seed);
            for (int i = 0; i < hits.Length; i++)
                hits[i] += weights[i] == 0 ? 1 : 0;
        }

        double p = Math.Ceiling(sparsity * 13) / 13;
        hits.Should().OnlyContain(x => Math.Abs(x - (400 * p)) <= 4.5 * Math.Sqrt(400 * p * (1 - p)));
    }

    [Fact]
    public void Identity_copies_its_inputs_in_every_block()
    {
        float[] w = new IdentityInitializer(0.5).Create<float>(WeightShape.Recurrent(3, 3, 2), 0);
        w.Should().Equal(0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f, 0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f);
        new IdentityInitializer().Create<float>(WeightShape.Dense(3, 2, WeightLayout.InputsFirst), 0).Should().Equal(1, 0, 0, 1, 0, 0);
    }

    [Fact]
    public void Dirac_convolution_is_the_identity_on_images()
    {
        // A grouped 3×3 convolution with zero padding, run.
        WeightShape shape = WeightShape.Convolution(4, 4, [3, 3], groups: 2);
        double[] kernel = new DiracInitializer().Create<double>(shape, 0), image = new NormalInitializer().Create<double>(WeightShape.Dense(25, 4), 3);
        Convolve(kernel, image, 4, 4, 2, 5).Should().Equal(image);
    }

    [Fact]
    public void Delta_orthogonal_convolution_preserves_the_norm_of_images()
    {
        double[] kernel = new DeltaOrthogonalInitializer(2).Create<double>(WeightShape.Convolution(4, 6, [3, 3], groups: 2), 8);
        double[] image = new NormalInitializer().Create<double>(WeightShape.Dense(25, 4), 3);
        Math.Sqrt(Convolve(kernel, image, 4, 6, 2, 5).Sum(x => x * x)).Should().BeApproximately(2 * Math.Sqrt(image.Sum(x => x * x)), 1e-13);
        new DeltaOrthogonalInitializer().Invoking(x => x.Create<float>(WeightShape.Convolution(6, 4, [3, 3]), 1)).Should().Throw<ArgumentException>().WithParameterName("shape");
    }

    [Fact]
    public void Overflowing_types_are_refused_before_anything_is_written()
    {
        Half[] weights = [(Half)1, (Half)2];
        WeightShape shape = WeightShape.Dense(1, 2);
        foreach (IWeightInitializer subject in new IWeightInitializer[]
        {
            new ConstantInitializer(1e6), new NormalInitializer(0, 1e6), new UniformInitializer(-1e6, 1e6), new TruncatedNormalInitializer(0, 1e6),
            new OrthogonalInitializer(1e6), new IdentityInitializer(1e6), new HeInitializer(1e6),
        })
        {
            subject.Invoking(x => x.Initialize<Half>(weights, shape, 1)).Should().Throw<ArgumentException>(subject.ToString());
            weights.Should().Equal((Half)1, (Half)2);
        }
    }

    private static void CheckDistribution(IWeightInitializer subject, Func<double, double>? cdf, double? mean, double? variance, double kurtosis)
    {
        double[] doubles = subject.Create<double>(s_layer, 17), singles = [.. subject.Create<float>(s_layer, 18).Select(x => (double)x)];
        foreach (double[] sample in new[] { doubles, singles })
        {
            if (cdf is not null)
                Distribution.KolmogorovSmirnov(sample, cdf).Should().BeGreaterThan(1e-4, $"{subject}");
            double average = sample.Average();
            double spread = sample.Sum(x => (x - average) * (x - average)) / (sample.Length - 1);
            if (mean is { } m)
                average.Should().BeApproximately(m, 4.5 * Math.Sqrt(spread / sample.Length), $"{subject}");
            if (variance is { } v)
                spread.Should().BeApproximately(v, 4.5 * v * Math.Sqrt((kurtosis - 1) / sample.Length), $"{subject}");
        }
    }

    private static double[] Many(IWeightInitializer subject, WeightShape shape) =>
        [.. Enumerable.Range(0, (20_000 / shape.Count) + 1).SelectMany(i => subject.Create<double>(shape, (ulong)i))];

    private static WeightShape ShapeOf(string text, int groups)
    {
        int[] dims = [.. text.Split(',').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
        return dims.Length == 2 ? WeightShape.Dense(dims[1], dims[0]) : WeightShape.Convolution(dims[1] * groups, dims[0], dims.AsSpan(2), groups);
    }

    private static double[] Convolve(double[] kernel, double[] image, int inputs, int outputs, int groups, int size)
    {
        double[] result = new double[outputs * size * size];
        int channels = inputs / groups;
        for (int o = 0; o < outputs; o++)
        {
            for (int y = 0; y < size; y++)
            {
                for (int x = 0; x < size; x++)
                {
                    double sum = 0;
                    for (int c = 0; c < channels; c++)
                    {
                        for (int tap = 0; tap < 9; tap++)
                        {
                            (int sy, int sx) = (y + (tap / 3) - 1, x + (tap % 3) - 1);
                            if (sy >= 0 && sy < size && sx >= 0 && sx < size)
                                sum += kernel[(((o * channels) + c) * 9) + tap] * image[((((o / (outputs / groups)) * channels) + c) * size * size) + (sy * size) + sx];
                        }
                    }

                    result[(((o * size) + y) * size) + x] = sum;
                }
            }
        }

        return result;
    }
}
