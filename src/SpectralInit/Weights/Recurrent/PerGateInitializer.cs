using System.Numerics;

namespace SpectralInit;

/// <summary>Initializes each gate of a recurrent cell, or each part of a packed matrix, as the dense matrix it is.</summary>
/// <remarks>
/// The stacked tensor of an LSTM is four matrices; drawing it as one tall matrix gives an orthogonal initializer orthonormal columns over all gates together and none of them
/// orthogonal. Here every gate is orthogonal (Saxe, McClelland and Ganguli 2014), the identity (Le, Jaitly and Hinton 2015), or whatever its initializer makes. Gate i draws with
/// <c>Seeds.Derive(seed, i)</c>.
/// </remarks>
public sealed class PerGateInitializer : IWeightInitializer
{
    private readonly IWeightInitializer[] _gates;

    /// <summary>One initializer for all gates, or one for each in storage order.</summary>
    /// <param name="gates">One initializer, or as many as the shape has gates.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public PerGateInitializer(params ReadOnlySpan<IWeightInitializer> gates) => _gates = WeightGuard.Parts(gates, "gates", nameof(gates));

    /// <inheritdoc cref="PerGateInitializer(ReadOnlySpan{IWeightInitializer})"/>
    public PerGateInitializer(params IWeightInitializer[] gates)
        : this((ReadOnlySpan<IWeightInitializer>)(gates ?? throw new ArgumentNullException(nameof(gates))))
    {
    }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Kind is not (WeightKind.Recurrent or WeightKind.Packed or WeightKind.Dense))
            throw new ArgumentException($"Gates are parts of recurrent or packed weights, not of {shape}.", nameof(shape));
        if (_gates.Length > 1 && _gates.Length != shape.Blocks)
            throw new ArgumentException($"There are initializers for {_gates.Length} gates, the shape has {shape.Blocks}: {shape}.", nameof(shape));

        WeightShape gateShape = WeightShape.Dense(shape.Columns, shape.Rows / shape.Blocks, shape.Layout);
        T[] all = new T[weights.Length];
        T[] gate = new T[gateShape.Count];
        for (int block = 0; block < shape.Blocks; block++)
        {
            _gates[_gates.Length == 1 ? 0 : block].Initialize<T>(gate, gateShape, Seeds.Derive(seed, (ulong)block));
            WeightBlocks.Write<T>(all, shape, block, gate);
        }

        WeightGuard.Write<T, T>(all, weights);
    }
}
