using System.Numerics;
using System.Runtime.InteropServices;

namespace SpectralInit.Tests.Contract;

/// <summary>What holds for every initializer: the laws of <see cref="IWeightInitializer"/>, over <see cref="InitializerTable"/>.</summary>
public class InitializerLaws
{
    private const ulong Seed = 0x9E3779B97F4A7C15;

    public static TheoryData<string> Names => InitializerTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_finite_and_a_pure_function_of_shape_and_seed_on_any_number_of_threads(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject))
        {
            CheckPure<float>(subject, shape);
            CheckPure<double>(subject, shape);
            CheckPure<Half>(subject, shape);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_tensors_do_not_depend_on_the_number_of_threads(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in new[] { WeightShape.Dense(300, 400), WeightShape.Convolution(64, 96, [3, 3]) }.Where(subject.Accepts).Where(_ => subject.Data is null))
            CheckPure<float>(subject, shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_matter_exactly_when_the_initializer_is_random(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject).Where(x => x.Count >= 8))
        {
            double[] first = subject.Initializer.Create<double>(shape, Seed);
            foreach (ulong other in new[] { Seed + 1, Seed ^ (1UL << 63) })
                subject.Initializer.Create<double>(shape, other).SequenceEqual(first).Should().Be(!(subject.RandomFor?.Invoke(shape) ?? subject.Random), $"{shape}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Element_types_are_rounded_as_the_specification_says(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject))
        {
            double[] doubles = subject.Initializer.Create<double>(shape, Seed);
            float[] singles = subject.Initializer.Create<float>(shape, Seed);
            Half[] halves = subject.Initializer.Create<Half>(shape, Seed);
            if (subject.FloatIsRoundedDouble)
                singles.Should().Equal(doubles.Select(x => (float)x), $"{shape}");
            switch (subject.Half)
            {
                case HalfSource.Float:
                    halves.Should().Equal(singles.Select(x => (Half)x), $"{shape}");
                    break;
                case HalfSource.Double:
                    halves.Should().Equal(doubles.Select(x => (Half)x), $"{shape}");
                    break;
                default:
                    halves.Zip(singles).All(x => Half.BitDecrement(x.First) <= (Half)x.Second && (Half)x.Second <= Half.BitIncrement(x.First)).Should().BeTrue($"{shape}");
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layouts_store_one_tensor_where_the_initializer_is_structural(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in InitializerTable.Shapes.Where(subject.Accepts).Where(x => x.Kind != WeightKind.Embedding && subject.SameTensorInBothLayouts))
        {
            double[] outputsFirst = subject.Initializer.Create<double>(shape, Seed);
            double[] inputsFirst = subject.Initializer.Create<double>(shape.With(WeightLayout.InputsFirst), Seed);
            inputsFirst.Should().Equal(ToInputsFirst(outputsFirst, shape), $"{shape}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shapes_that_do_not_suit_are_refused_and_nothing_is_written(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in InitializerTable.Shapes.Where(x => !subject.Accepts(x)))
        {
            double[] weights = Sentinel(shape.Count);
            Action act = () => subject.Initializer.Initialize<double>(weights, shape, Seed);
            act.Should().Throw<ArgumentException>($"{shape}").WithParameterName("shape");
            weights.Should().Equal(Sentinel(shape.Count));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_lengths_are_refused_and_nothing_is_written(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject))
        {
            foreach (int length in new[] { 0, shape.Count - 1, shape.Count + 1, 2 * shape.Count }.Where(x => x >= 0 && x != shape.Count))
            {
                float[] weights = [.. Sentinel(length).Select(x => (float)x)];
                Action act = () => subject.Initializer.Initialize<float>(weights, shape, Seed);
                act.Should().Throw<ArgumentException>($"{length} for {shape}").WithParameterName("weights").WithMessage($"*{length}*{shape.Count}*");
                weights.All(x => x == -77).Should().BeTrue();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_destination_is_written(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject))
        {
            double[] around = Sentinel(shape.Count + 40);
            subject.Initializer.Initialize(around.AsSpan(13, shape.Count), shape, Seed);
            around.AsSpan(13, shape.Count).SequenceEqual(subject.Initializer.Create<double>(shape, Seed)).Should().BeTrue($"{shape}");
            around[..13].Concat(around[(13 + shape.Count)..]).Should().OnlyContain(x => x == -77);
        }

        if (subject.Data is { } data)
        {
            double[] before = [.. data];
            foreach (WeightShape shape in Accepted(subject))
                subject.Initializer.Create<float>(shape, Seed);
            data.Should().Equal(before);
        }
    }

    [Fact]
    public void Every_public_initializer_has_a_row()
    {
        IEnumerable<Type> types = typeof(IWeightInitializer).Assembly.GetExportedTypes().Where(x => x is { IsAbstract: false, IsInterface: false } && x.IsAssignableTo(typeof(IWeightInitializer)));
        types.Should().BeSubsetOf(InitializerTable.Cases.Select(x => x.Initializer.GetType()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Null_shapes_and_foreign_element_types_are_refused(string name)
    {
        IWeightInitializer subject = InitializerTable.Find(name).Initializer;
        subject.Invoking(x => x.Initialize<float>(new float[3], null!, 1)).Should().Throw<ArgumentNullException>().WithParameterName("shape");
        subject.Invoking(x => x.Initialize<NFloat>(new NFloat[24], WeightShape.Dense(6, 4), 1)).Should().Throw<NotSupportedException>();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Conveniences_agree_with_the_contract(string name)
    {
        InitializerCase subject = InitializerTable.Find(name);
        foreach (WeightShape shape in Accepted(subject).Where(x => x.Count > 0))
        {
            double[] weights = subject.Initializer.Create<double>(shape, Seed);
            System.Numerics.Tensors.Tensor<double> tensor = subject.Initializer.CreateTensor<double>(shape, Seed);
            tensor.Lengths.ToArray().Should().Equal(shape.Dimensions.Select(x => (nint)x));
            double[] flat = new double[shape.Count];
            tensor.FlattenTo(flat);
            flat.Should().Equal(weights);
            MathNet.Numerics.LinearAlgebra.Matrix<double> matrix = subject.Initializer.CreateMatrix<double>(shape, Seed);
            (matrix.RowCount, matrix.ColumnCount).Should().Be((shape.Rows, shape.Columns));
            if (shape.Layout == WeightLayout.OutputsFirst)
                matrix.ToRowMajorArray().Should().Equal(weights);
        }
    }

    private static IEnumerable<WeightShape> Accepted(InitializerCase subject) =>
        InitializerTable.Shapes.Where(subject.Accepts).SelectMany(x => new[] { x, x.With(WeightLayout.InputsFirst) });

    private static double[] Sentinel(int count) => [.. Enumerable.Repeat(-77.0, count)];

    private static void CheckPure<T>(InitializerCase subject, WeightShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] first = subject.Initializer.Create<T>(shape, Seed);
        first.All(T.IsFinite).Should().BeTrue($"{shape}");
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            using (Parallelism.Limit(threads))
                subject.Initializer.Create<T>(shape, Seed).AsSpan().SequenceEqual(first).Should().BeTrue($"{shape} on {threads} threads");
        }
    }

    // [out, in/g, k…] → [k…, in/g, out], written from the axes alone.
    private static double[] ToInputsFirst(double[] weights, WeightShape shape)
    {
        int[] from = [.. shape.Dimensions], to = [.. shape.With(WeightLayout.InputsFirst).Dimensions];
        double[] result = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int[] index = new int[from.Length];
            for (int axis = from.Length - 1, rest = i; axis >= 0; axis--)
                (rest, index[axis]) = (rest / from[axis], rest % from[axis]);
            int[] moved = [.. index[2..], index[1], index[0]];
            int position = 0;
            for (int axis = 0; axis < to.Length; axis++)
                position = (position * to[axis]) + moved[axis];
            result[position] = weights[i];
        }

        return result;
    }
}
