namespace SpectralInit;

/// <summary>Which fan the variance of a <see cref="VarianceScalingInitializer"/> is divided by.</summary>
public enum FanMode
{
    /// <summary><see cref="WeightShape.FanIn"/>: keeps the variance of activations on the way forward.</summary>
    In,

    /// <summary><see cref="WeightShape.FanOut"/>: keeps the variance of gradients on the way back.</summary>
    Out,

    /// <summary>The mean of both (Glorot and Bengio, 2010).</summary>
    Average,

    /// <summary>The geometric mean of both, √(fan_in·fan_out).</summary>
    Geometric,
}
