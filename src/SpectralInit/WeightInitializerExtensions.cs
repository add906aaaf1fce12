using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>Conveniences over <see cref="IWeightInitializer"/>: fresh arrays, tensors and MathNet matrices.</summary>
public static class WeightInitializerExtensions
{
    /// <summary>A new array of <see cref="WeightShape.Count"/> weights in storage order.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="initializer">The initializer.</param>
    /// <param name="shape">What the tensor is.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The shape does not suit the initializer.</exception>
    public static T[] Create<T>(this IWeightInitializer initializer, WeightShape shape, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(shape);
        T[] weights = new T[shape.Count];
        initializer.Initialize<T>(weights, shape, seed);
        return weights;
    }

    /// <summary>A new dense tensor of shape <see cref="WeightShape.Dimensions"/>.</summary>
    /// <inheritdoc cref="Create" path="/typeparam"/>
    /// <inheritdoc cref="Create" path="/param"/>
    public static Tensor<T> CreateTensor<T>(this IWeightInitializer initializer, WeightShape shape, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] weights = initializer.Create<T>(shape, seed);
        return Tensor.Create(weights, [.. shape.Dimensions.Select(size => (nint)size)]);
    }

    /// <summary>A new MathNet matrix of <see cref="WeightShape.Rows"/> × <see cref="WeightShape.Columns"/>, whatever the layout: entry (i, j) is the weight from input j to output i.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="initializer">The initializer.</param>
    /// <param name="shape">What the tensor is.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The shape does not suit the initializer.</exception>
    public static Matrix<T> CreateMatrix<T>(this IWeightInitializer initializer, WeightShape shape, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(shape);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"MathNet matrices hold float or double, not {typeof(T).Name}.");

        // A row-major [out, in] buffer is a column-major in × out matrix; the two orders differ by a transpose only.
        T[] weights = initializer.Create<T>(shape.With(WeightLayout.OutputsFirst), seed);
        return Matrix<T>.Build.DenseOfRowMajor(shape.Rows, shape.Columns, weights);
    }

    /// <summary>Fills a dense tensor span in place.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="initializer">The initializer.</param>
    /// <param name="weights">A dense (contiguous) destination with <see cref="WeightShape.Count"/> elements.</param>
    /// <param name="shape">What the tensor is.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> is strided, or its length is not <see cref="WeightShape.Count"/>.</exception>
    public static void Initialize<T>(this IWeightInitializer initializer, in TensorSpan<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(shape);
        if (weights.FlattenedLength != shape.Count)
            throw new ArgumentException($"The tensor has {weights.FlattenedLength} elements, the shape {shape.Count}.", nameof(weights));
        if (weights.FlattenedLength == 0)
            return;
        if (!weights.IsDense || !weights.TryGetSpan(new nint[weights.Rank], checked((int)weights.FlattenedLength), out Span<T> span))
            throw new ArgumentException("The tensor is strided; pass a dense tensor or copy the weights in yourself.", nameof(weights));
        initializer.Initialize(span, shape, seed);
    }
}
