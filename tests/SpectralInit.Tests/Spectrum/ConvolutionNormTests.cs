using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests;

public class ConvolutionNormTests
{
    private static double[] Kernel(WeightShape shape, int seed)
    {
        double[] values = new double[shape.Count];
        SpectralInit.Kernels.RandomFill.Normal<double>(values, 0, 1, (ulong)seed);
        return values;
    }

    // The convolution written out entry by entry, straight from its definition; two spatial axes, [out, in/g, kh, kw].
    private static Matrix<double> Unrolled(double[] kernel, WeightShape shape, ConvolutionGeometry geometry, int padding)
    {
        (int kh, int kw) = (shape.Kernel[0], shape.Kernel[1]);
        (int h, int w) = (geometry.InputSize[0], geometry.InputSize[1]);
        int oh = ((h + (2 * padding) - (geometry.Dilation * (kh - 1)) - 1) / geometry.Stride) + 1, ow = ((w + (2 * padding) - (geometry.Dilation * (kw - 1)) - 1) / geometry.Stride) + 1;
        int inGroup = shape.Inputs / shape.Groups, outGroup = shape.Outputs / shape.Groups;
        Matrix<double> dense = Matrix<double>.Build.Dense(shape.Outputs * oh * ow, shape.Inputs * h * w);
        for (int o = 0; o < shape.Outputs; o++)
            for (int c = 0; c < inGroup; c++)
                for (int a = 0; a < kh; a++)
                    for (int b = 0; b < kw; b++)
                        for (int y = 0; y < oh; y++)
                            for (int x = 0; x < ow; x++)
                            {
                                int sy = (y * geometry.Stride) + (a * geometry.Dilation) - padding, sx = (x * geometry.Stride) + (b * geometry.Dilation) - padding;
                                if (geometry.Boundary == ConvolutionBoundary.Circular)
                                    (sy, sx) = (((sy % h) + h) % h, ((sx % w) + w) % w);
                                if (sy < 0 || sx < 0 || sy >= h || sx >= w)
                                    continue;
                                int channel = (o / outGroup * inGroup) + c;
                                dense[(((o * oh) + y) * ow) + x, (((channel * h) + sy) * w) + sx] += kernel[(((((o * inGroup) + c) * kh) + a) * kw) + b];
                            }

        return dense;
    }

    [Theory]
    [InlineData(3, 4, 3, 3, 1, 6, 7, 1, 1, 1, false)]
    [InlineData(3, 4, 3, 3, 1, 6, 7, 1, 1, 1, true)]
    [InlineData(4, 6, 3, 3, 2, 6, 5, 1, 1, 1, true)]
    [InlineData(4, 6, 3, 3, 2, 6, 5, 1, 1, 1, false)]
    [InlineData(2, 3, 5, 3, 1, 8, 9, 2, 1, 2, false)]
    [InlineData(2, 2, 3, 3, 1, 9, 8, 1, 2, 2, false)]
    [InlineData(2, 2, 3, 3, 1, 8, 8, 2, 1, 1, true)]
    [InlineData(5, 5, 3, 3, 5, 5, 5, 1, 1, 1, true)]
    [InlineData(2, 3, 4, 2, 1, 7, 7, 1, 1, 0, false)]
    [InlineData(2, 3, 1, 3, 1, 1, 7, 2, 1, 1, false)]
    [InlineData(2, 3, 1, 3, 1, 1, 7, 1, 1, 1, true)]
    [InlineData(4, 2, 3, 9, 1, 5, 8, 1, 1, 4, true)]
    [InlineData(6, 3, 3, 11, 3, 7, 9, 1, 2, 10, true)]
    [InlineData(3, 3, 1, 1, 1, 4, 5, 1, 1, 0, true)]
    public void It_agrees_with_the_dense_unrolled_matrix(int inputs, int outputs, int kh, int kw, int groups, int h, int w, int stride, int dilation, int padding, bool circular)
    {
        WeightShape shape = WeightShape.Convolution(inputs, outputs, [kh, kw], groups);
        ConvolutionGeometry geometry = new(h, w) { Stride = stride, Dilation = dilation, Padding = padding, Boundary = circular ? ConvolutionBoundary.Circular : ConvolutionBoundary.Zero };
        double[] kernel = Kernel(shape, (h * 100) + inputs);
        Matrix<double> dense = Unrolled(kernel, shape, geometry, padding);
        ConvolutionOperator map = new(kernel, shape, geometry);
        (map.Rows, map.Columns).Should().Be((dense.RowCount, dense.ColumnCount));

        // The operator and its transpose are the matrix and its transpose.
        Vector<double> x = Vector<double>.Build.Dense(Kernel(WeightShape.Dense(map.Columns, 1), 1)), u = Vector<double>.Build.Dense(Kernel(WeightShape.Dense(map.Rows, 1), 2));
        double[] y = new double[map.Rows], v = new double[map.Columns];
        map.Apply(x.AsArray(), y);
        map.ApplyTranspose(u.AsArray(), v);
        (Vector<double>.Build.Dense(y) - (dense * x)).InfinityNorm().Should().BeLessThan(1e-12);
        (Vector<double>.Build.Dense(v) - (dense.TransposeThisAndMultiply(u))).InfinityNorm().Should().BeLessThan(1e-12);

        double expected = dense.Svd(false).S[0];
        ConvolutionNorm.Of(kernel, shape, geometry, new() { Tolerance = 1e-9 }).Value.Should().BeApproximately(expected, 1e-8 * expected);
        SpectralNorm.Of(map, new() { Tolerance = 1e-9, Method = SpectralNormMethod.Lanczos }).Value.Should().BeApproximately(expected, 1e-8 * expected);

        // The keras layout is the same convolution.
        double[] transposed = new double[kernel.Length];
        int columns = shape.Columns / (kh * kw);
        for (int o = 0; o < outputs; o++)
            for (int c = 0; c < columns; c++)
                for (int tap = 0; tap < kh * kw; tap++)
                    transposed[(((tap * columns) + c) * outputs) + o] = kernel[(((o * columns) + c) * kh * kw) + tap];
        ConvolutionNorm.Of(transposed, shape.With(WeightLayout.InputsFirst), geometry, new() { Tolerance = 1e-9 }).Value.Should().BeApproximately(expected, 1e-8 * expected);
    }

    [Fact]
    public void Geometries_are_equal_by_value()
    {
        ConvolutionGeometry geometry = new(28, 30) { Stride = 2 };
        geometry.Should().Be(new ConvolutionGeometry(28, 30) { Stride = 2 }).And.NotBe(geometry with { Padding = 1 }).And.NotBe(new ConvolutionGeometry(28, 31) { Stride = 2 });
        geometry.GetHashCode().Should().Be(new ConvolutionGeometry(28, 30) { Stride = 2 }.GetHashCode());
    }

    [Fact]
    public void The_reshaped_norm_is_another_number()
    {
        // A constant kernel of ones: reshaped norm 3, operator norm (circular) 9.
        WeightShape shape = WeightShape.Convolution(1, 1, [3, 3]);
        double[] ones = [.. Enumerable.Repeat(1.0, 9)];
        ConvolutionNorm.Reshaped(ones, shape).Value.Should().BeApproximately(3, 1e-12);
        ConvolutionNorm.Of(ones, shape, new(8, 8) { Boundary = ConvolutionBoundary.Circular }).Value.Should().BeApproximately(9, 1e-12);
        ConvolutionNorm.Of(ones, shape, new(8, 8)).Value.Should().BeApproximately(Math.Pow(1 + (2 * Math.Cos(Math.PI / 9)), 2), 1e-10, "the tridiagonal Toeplitz matrix of ones, squared");
    }

    [Fact]
    public void One_and_three_axes_work()
    {
        WeightShape line = WeightShape.Convolution(2, 3, [5]), volume = WeightShape.Convolution(2, 2, [3, 3, 3]);
        double circular = ConvolutionNorm.Of(Kernel(line, 1), line, new(12) { Boundary = ConvolutionBoundary.Circular }).Value;
        SpectralNorm.Of(new ConvolutionOperator(Kernel(line, 1), line, new(12) { Boundary = ConvolutionBoundary.Circular })).Value.Should().BeApproximately(circular, 1e-10);
        circular = ConvolutionNorm.Of(Kernel(volume, 1), volume, new(4, 5, 3) { Boundary = ConvolutionBoundary.Circular }).Value;
        SpectralNorm.Of(new ConvolutionOperator(Kernel(volume, 1), volume, new(4, 5, 3) { Boundary = ConvolutionBoundary.Circular })).Value.Should().BeApproximately(circular, 1e-10 * circular);
    }

    [Fact]
    public void Circular_norms_hold_at_any_scale_on_any_number_of_threads_and_where_all_frequencies_are_alike()
    {
        WeightShape shape = WeightShape.Convolution(5, 7, [3, 3]);
        ConvolutionGeometry geometry = new(20, 33) { Boundary = ConvolutionBoundary.Circular };
        double[] kernel = Kernel(shape, 8);
        SpectralNormResult norm = ConvolutionNorm.Of(kernel, shape, geometry);
        SpectralNorm.Of(new ConvolutionOperator(kernel, shape, geometry), new() { Tolerance = 1e-9, Method = SpectralNormMethod.Lanczos }).Value.Should().BeApproximately(norm.Value, 1e-8 * norm.Value);
        norm.Upper.Should().BeInRange(norm.Value, norm.Value * (1 + 1e-13));
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using (Parallelism.Limit(threads))
                ConvolutionNorm.Of(kernel, shape, geometry).Should().Be(norm);
        }

        foreach (int exponent in (int[])[-900, 900])
            ConvolutionNorm.Of([.. kernel.Select(value => Math.ScaleB(value, exponent))], shape, geometry).Value.Should().Be(Math.ScaleB(norm.Value, exponent));

        double[] isometry = new DeltaOrthogonalInitializer().Create<double>(shape, 1);
        ConvolutionNorm.Of(isometry, shape, geometry).Value.Should().BeApproximately(1, 1e-14);
        ConvolutionNorm.Of(new double[shape.Count], shape, geometry).Value.Should().Be(0);
    }

    [Fact]
    public void A_convolution_normalized_to_one_never_amplifies()
    {
        WeightShape shape = WeightShape.Convolution(8, 12, [3, 3]);
        foreach (ConvolutionBoundary boundary in Enum.GetValues<ConvolutionBoundary>())
        {
            ConvolutionGeometry geometry = new(10, 9) { Boundary = boundary };
            ConvolutionNormalizedInitializer initializer = new(new HeInitializer(), geometry);
            double[] kernel = [.. initializer.Create<float>(shape, 3).Select(value => (double)value)];
            ConvolutionOperator map = new(kernel, shape, geometry);
            double[] y = new double[map.Rows];
            for (int trial = 0; trial < 50; trial++)
            {
                double[] x = Kernel(WeightShape.Dense(map.Columns, 1), trial);
                map.Apply(x, y);
                (Vector<double>.Build.Dense(y).L2Norm() / Vector<double>.Build.Dense(x).L2Norm()).Should().BeLessThanOrEqualTo(1 + 1e-6);
            }

            SpectralNorm.Of(map, new() { Tolerance = 1e-9 }).Value.Should().BeInRange(1 - 1.1e-4, 1 + 1e-6);
        }

        new ConvolutionNormalizedInitializer(new Zeros(), new(10, 9)).Create<double>(shape).Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        WeightShape shape = WeightShape.Convolution(2, 3, [3, 3]);
        double[] largest = [.. Enumerable.Repeat(1e308, 54)], undefined = [.. Enumerable.Repeat(double.NaN, 54)];
        (Action Call, string Parameter)[] calls =
        [
            (() => _ = new ConvolutionOperator(new double[5], shape, new(4, 4)), "kernel"),
            (() => _ = new ConvolutionOperator(new double[54], shape, new(4)), "shape"),
            (() => _ = new ConvolutionOperator(new double[54], shape, new(4, 4) { Stride = 0 }), "geometry"),
            (() => _ = new ConvolutionOperator(new double[54], shape, new(2, 2) { Padding = 0 }), "shape"),
            (() => _ = new ConvolutionOperator(new double[6], WeightShape.Dense(2, 3), new(4, 4)), "shape"),
            (() => ConvolutionNorm.Of(undefined, shape, new(4, 4)), "kernel"),
            (() => ConvolutionNorm.Of(largest, shape, new(4, 4)), "kernel"),
            (() => ConvolutionNorm.Of(largest, shape, new(40, 40), new() { Method = SpectralNormMethod.Lanczos }), "kernel"),
            (() => ConvolutionNorm.Of(largest, shape, new(4, 4) { Boundary = ConvolutionBoundary.Circular }), "kernel"),
            (() => _ = new ConvolutionGeometry(), "inputSize"),
            (() => _ = new ConvolutionGeometry(3, 0), "inputSize"),
            (() => new ConvolutionNormalizedInitializer(new HeInitializer(), new(4, 4)).Create<float>(WeightShape.Dense(3, 3)), "shape"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }

    private sealed class Zeros : IWeightInitializer
    {
        public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => weights.Clear();
    }
}
