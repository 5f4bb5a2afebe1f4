#: norm
gamma$n = P["$norm.weight"]  #[C]
beta$n = P["$norm.bias"]
#: norm !rms
$to = F.layer_norm($from, (C,), gamma$n, beta$n, $eps)  #[T C]
#: norm rms
$to = F.rms_norm($from, (C,), gamma$n, $eps)  #[T C]
#: normAlone
#= norm[-1] $to[i]
#: crossed
f_cross = $cross($reads, m)
y$n = f_cross.y  #[T C] a walk of its own
#: residual
$sum = $stream + y$n  #[T C]
#= sum[-1] $sum[i]
