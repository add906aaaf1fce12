namespace SpectralInit.Tests.Weights;

public class ClassDirectionsTests
{
    [Fact]
    public void Between_class_scatter_is_that_of_the_class_means()
    {
        double[] rows = [0, 0, 0, 2, 4, 0, 4, 2, 4, 1, 8, 9];
        int[] labels = [0, 0, 1, 1, 1, 2];
        ClassDirections directions = ClassDirections.Fit(RowSource.From(rows, 2), Targets.Classes(labels));
        double[] scatter = new double[4];
        double mx = 20.0 / 6, my = 14.0 / 6;
        foreach ((double n, double x, double y) in new[] { (2.0, 0.0, 1.0), (3.0, 4.0, 1.0), (1.0, 8.0, 9.0) })
        {
            scatter[0] += n / 6 * (x - mx) * (x - mx);
            scatter[1] += n / 6 * (x - mx) * (y - my);
            scatter[3] += n / 6 * (y - my) * (y - my);
        }

        for (int i = 0; i < 4; i++)
        {
            double sum = 0;
            for (int k = 0; k < directions.Values.Length; k++)
                sum += directions.Values[k] * directions.Vectors[(2 * k) + (i / 2)] * directions.Vectors[(2 * k) + (i % 2)];
            sum.Should().BeApproximately(scatter[i == 2 ? 1 : i], 1e-10);
        }
    }

    [Fact]
    public void The_discriminant_of_two_classes_is_Fishers()
    {
        (double[] rows, int[] labels) = Samples.Sign(80, 3, seed: 51);
        for (int i = 0; i < rows.Length; i += 3)
            (rows[i], rows[i + 1]) = (rows[i] + (2 * labels[i / 3]), (4 * rows[i + 1]) + rows[i]);
        const double shrinkage = 1e-9;
        ClassDirections directions = ClassDirections.Fit(RowSource.From(rows, 3), Targets.Classes(labels), new() { Kind = ClassDirectionsKind.Discriminant, Shrinkage = shrinkage });
        directions.Values.Should().ContainSingle();

        // S_W · w must be parallel to the difference of the means.
        double[][] means = [new double[3], new double[3]];
        double[] sizes = [labels.Count(l => l == 0), labels.Count(l => l == 1)];
        for (int i = 0; i < rows.Length; i++)
            means[labels[i / 3]][i % 3] += rows[i] / sizes[labels[i / 3]];
        double[] image = new double[3];
        for (int i = 0; i < 80; i++)
        {
            double along = Enumerable.Range(0, 3).Sum(j => (rows[(i * 3) + j] - means[labels[i]][j]) * directions.Vectors[j]);
            for (int j = 0; j < 3; j++)
                image[j] += along * (rows[(i * 3) + j] - means[labels[i]][j]) / 80;
        }

        double ratio = image[0] / (means[1][0] - means[0][0]);
        for (int j = 0; j < 3; j++)
            image[j].Should().BeApproximately(ratio * (means[1][j] - means[0][j]), 1e-6);
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(40, 6)]
    [InlineData(10, 2000)]
    public void Pre_activations_have_unit_variance_and_mean_zero(int n, int d)
    {
        (double[] rows, int[] labels) = Samples.Sign(n, d, seed: 52);
        labels[0] = 1 - labels[1];
        IRowSource source = RowSource.From(rows, d);
        Targets targets = Targets.Classes(labels);
        WeightShape shape = WeightShape.Dense(d, 9);
        IBiasInitializer[] initializers =
        [
            new ClassDirectionsInitializer(ClassDirections.Fit(source, targets)),
            new ClassDirectionsInitializer(ClassDirections.Fit(source, targets, new() { Kind = ClassDirectionsKind.Discriminant })),
            ClassDifferenceInitializer.Fit(source, targets),
        ];
        foreach (IBiasInitializer initializer in initializers)
        {
            double[] w = initializer.Create<double>(shape, 2), b = initializer.CreateBias<double>(shape, 2);
            Samples.MeanVariance(w, rows, d).Should().BeApproximately(n / (n - 1.0), 1e-8);
            double mean = Enumerable.Range(0, n).Average(i => System.Numerics.Tensors.TensorPrimitives.Dot(w.AsSpan(0, d), rows.AsSpan(i * d, d)) + b[0]);
            mean.Should().BeApproximately(0, 1e-9);
        }
    }

    [Fact]
    public void Differences_join_rows_of_different_classes()
    {
        double[] rows = [0, 0, 10, 0, 0, 1, 10, 1];
        double[] w = ClassDifferenceInitializer.Fit(RowSource.From(rows, 2), Targets.Classes([0, 1, 0, 1])).Create<double>(WeightShape.Dense(2, 50), 3);
        for (int u = 0; u < 50; u++)
            Math.Abs(w[2 * u]).Should().BeGreaterThan(9 * Math.Abs(w[(2 * u) + 1]));
    }

    [Fact]
    public void One_class_gives_isotropic_rows_and_a_warning()
    {
        (double[] rows, _) = Samples.Sign(20, 3, seed: 53);
        Targets one = Targets.Classes(new int[20], 2);
        ClassDirections directions = ClassDirections.Fit(RowSource.From(rows, 3), one);
        directions.Warnings.Should().ContainSingle();
        Samples.MeanVariance(new ClassDirectionsInitializer(directions).Create<double>(WeightShape.Dense(3, 5), 1), rows, 3).Should().BeApproximately(20 / 19.0, 1e-9);
        Samples.MeanVariance(ClassDifferenceInitializer.Fit(RowSource.From(rows, 3), one).Create<double>(WeightShape.Dense(3, 5), 1), rows, 3).Should().BeApproximately(20 / 19.0, 1e-9);
    }
}
