using System.Numerics;

namespace SpectralInit;

/// <summary>Initializes each group of a convolution as the convolution without groups that it is: its own channels in, its own filters out.</summary>
/// <remarks>
/// For data-driven initializers, whose features are the patches of one group (<see cref="PatchSource.PerGroup"/>), and for random ones that look at the whole matrix, such as orthogonal
/// rows. Group i draws with <c>Seeds.Derive(seed, i)</c>. A depthwise convolution has one group per channel. The bias is that of the groups' initializers, zero where they have none.
/// </remarks>
public sealed class PerGroupInitializer : IBiasInitializer
{
    private readonly IWeightInitializer[] _groups;

    /// <summary>One initializer for all groups, or one for each in the order of the channels.</summary>
    /// <param name="groups">One initializer, or as many as the shape has groups.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public PerGroupInitializer(params ReadOnlySpan<IWeightInitializer> groups) => _groups = WeightGuard.Parts(groups, "groups", nameof(groups));

    /// <inheritdoc cref="PerGroupInitializer(ReadOnlySpan{IWeightInitializer})"/>
    public PerGroupInitializer(params IWeightInitializer[] groups)
        : this((ReadOnlySpan<IWeightInitializer>)(groups ?? throw new ArgumentNullException(nameof(groups))))
    {
    }

    /// <inheritdoc cref="PerGroupInitializer(ReadOnlySpan{IWeightInitializer})"/>
    public PerGroupInitializer(IEnumerable<IWeightInitializer> groups)
        : this([.. groups ?? throw new ArgumentNullException(nameof(groups))])
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is no convolution, or has another number of groups than there are initializers.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        WeightShape groupShape = OneGroup(shape);
        T[] all = new T[weights.Length], group = new T[groupShape.Count];
        for (int i = 0; i < shape.Groups && all.Length > 0; i++)
        {
            Of(i).Initialize<T>(group, groupShape, Seeds.Derive(seed, (ulong)i));
            WeightBlocks.Write(all, shape, i, group);
        }

        WeightGuard.Write<T, T>(all, weights);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.CheckElement<T>();
        ArgumentNullException.ThrowIfNull(shape);
        if (bias.Length != shape.Outputs)
            throw new ArgumentException($"The bias has {bias.Length} elements, the layer {shape.Outputs} outputs: {shape}.", nameof(bias));
        WeightShape groupShape = OneGroup(shape);
        T[] all = new T[bias.Length];
        for (int i = 0; i < shape.Groups; i++)
        {
            if (Of(i) is IBiasInitializer centered)
                centered.InitializeBias(all.AsSpan(i * groupShape.Outputs, groupShape.Outputs), groupShape, Seeds.Derive(seed, (ulong)i));
        }

        WeightGuard.Write<T, T>(all, bias);
    }

    private IWeightInitializer Of(int group) => _groups[_groups.Length == 1 ? 0 : group];

    private WeightShape OneGroup(WeightShape shape)
    {
        if (shape.Kind is not (WeightKind.Convolution or WeightKind.Depthwise or WeightKind.TransposedConvolution))
            throw new ArgumentException($"Groups are parts of a convolution, not of {shape}.", nameof(shape));
        if (_groups.Length > 1 && _groups.Length != shape.Groups)
            throw new ArgumentException($"There are initializers for {_groups.Length} groups, the shape has {shape.Groups}: {shape}.", nameof(shape));
        int inputs = shape.Inputs / shape.Groups, outputs = shape.Outputs / shape.Groups;
        return shape.Kind == WeightKind.TransposedConvolution
            ? WeightShape.TransposedConvolution(inputs, outputs, shape.Kernel.AsSpan(), layout: shape.Layout)
            : WeightShape.Convolution(inputs, outputs, shape.Kernel.AsSpan(), layout: shape.Layout);
    }
}
