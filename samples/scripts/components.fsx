// The first layer of a network from the spectrum of its data, in F# Interactive:  dotnet fsi components.fsx
#r "nuget: SpectralInit"

open System
open SpectralInit

// 3,000 noisy sine waves of random frequency and phase, 64 samples each: smooth data, so few directions matter.
let random = Random 1

let waves =
    Array.init 3000 (fun _ ->
        let frequency, phase = 1.0 + 3.0 * random.NextDouble(), 2.0 * Math.PI * random.NextDouble()
        Array.init 64 (fun t -> sin (phase + frequency * 2.0 * Math.PI * float t / 64.0) + 0.1 * (random.NextDouble() - 0.5)))

let rows = RowSource.From waves
let spectrum = DataSpectrum.Fit rows
printfn $"{SpectrumReport spectrum}"

let layer = WeightShape.Dense(64, 16)
let spectral = PrincipalComponentInitializer spectrum
let he = HeInitializer()
let initializers = [| struct ("principal components", spectral :> IWeightInitializer); struct ("He", he) |]
printfn $"{InitializerComparison.Measure(rows, layer, 1UL, initializers)}"

let weights: float32[] = spectral.Create<float32>(layer, 1UL)
NpyFile.Write("weights.npy", weights, 16, 64)
SpectrumReport(spectrum).ScreePlot().Save "scree.svg"

let plot = SvgPlot("The first four components", "sample", "weight")

for i in 0..3 do
    plot.Line($"{i + 1}", spectrum.Components.Vector i) |> ignore

plot.Save "components.svg"
printfn "wrote weights.npy, scree.svg and components.svg"
