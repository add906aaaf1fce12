// Convolutions, adapters, recurrences and whole networks from plain arrays, in F# Interactive:  dotnet fsi layers.fsx
#r "nuget: SpectralInit"

open System
open SpectralInit

let random = Random 1
let noise count = Array.init count (fun _ -> random.NextDouble() - 0.5)

// 60 images of two channels, 8×8, as PyTorch stores them: a slow wave in the first channel, a fast one in the second.
let images =
    Array.init 60 (fun _ ->
        let shift = random.NextDouble() * 6.0
        Array.init 128 (fun i -> sin (shift + float (i % 8) * (if i < 64 then 0.4 else 2.0)) + 0.2 * (random.NextDouble() - 0.5)))

// Each group of the convolution looks at its own channel, with the padding and stride of the layer.
let shape = WeightShape.Convolution(2, 8, [| 3; 3 |], groups = 2)
let geometry = ConvolutionGeometry(8, 8, Stride = 2, Padding = Nullable 1)

let perGroup =
    PatchSource.PerGroup(RowSource.From images, shape, geometry, channelsLast = false)
    |> Seq.map (fun patches -> PrincipalComponentInitializer(DataSpectrum.Fit patches) :> IWeightInitializer)
    |> Array.ofSeq
    |> PerGroupInitializer

let filters = perGroup.Create<float>(shape, 1UL)
printfn $"operator norm {ConvolutionNorm.Of(filters, shape, geometry).Value:F3}, reshaped {ConvolutionNorm.Reshaped(filters, shape).Value:F3}"
printfn $"depthwise: {WeightShape.Depthwise(2, [| 3; 3 |])}"

for norm in SpectrallyNormalizedInitializer.Measure(filters, shape) do
    printfn $"group norm {norm.Value:F3}"

// Adapters of trained weights.
let weights, activations = noise (12 * 8), noise (50 * 8)
let moments = MomentAccumulator 8
moments.Add activations

let adapters =
    [ "PiSSA", Pissa.Factor(weights, 12, 8, 3)
      "OLoRA", Olora.Factor(weights, 12, 8, 3)
      "CorDA", Corda.Factor(weights, 12, 8, 3, moments)
      "EVA", Eva.Factor(weights, 12, 8, 3, DataSpectrum.Fit(RowSource.From(activations, 8))) ]

for name, factors in adapters do
    printfn $"{name}: rank {factors.Rank}, ‖W − sBA‖ {factors.Error:F3}"

// Norms, radii and singular values of arrays; gates; the dynamics of a series.
printfn $"norm {SpectralNorm.Of(weights, 12, 8).Value:F3}, radius {SpectralRadius.Of(noise 64, 8).Value:F3}, singular values {SingularValueDecomposition.Decompose(weights, 12, 8).Values.Length}"
let gates = PerGateInitializer(OrthogonalInitializer()).Create<float32>(WeightShape.Recurrent(5, 5, gates = 4), 1UL)
let series = Array.init 400 (fun t -> sin (0.3 * float (t / 2) + float (t % 2)) + 0.1 * (random.NextDouble() - 0.5))
let modes = DynamicModes.Fit(series, 2, DynamicModesOptions(Window = 2))
printfn $"{gates.Length} gate weights, fitted radius {modes.FittedRadius:F3}"

// A whole network, fitted to labels.
let targets = Targets.Classes [| for i in 0..49 -> i % 2 |]
let warm = SpectralWarmStart.Fit(DenseLayer.Stack([| 8; 16; 2 |], LayerActivation.Relu), RowSource.From(activations, 8), targets)
printfn $"{warm}"
NpyFile.Write("filters.npy", filters, 8, 1, 3, 3)
printfn "wrote filters.npy"
