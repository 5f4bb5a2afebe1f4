#: norm !rms
mu = $from.mean(-1, keepdims=True)  #[T 1]
sd$n = np.sqrt((($from - mu) ** 2).mean(-1, keepdims=True) + $eps)
zn$n = ($from - mu) / sd$n  #[T C]
#: norm rms
sd$n = np.sqrt(($from ** 2).mean(-1, keepdims=True) + $eps)  #[T 1] root mean square
zn$n = $from / sd$n  #[T C]
#: norm
gamma$n = P["$norm.weight"]  #[C]
beta$n = P["$norm.bias"]
$to = gamma$n * zn$n + beta$n  #[T C]
#: normAlone
#= norm[-1] $to[i]
#: crossed
f_cross = $cross($reads, m)
y$n = f_cross.y  #[T C] a walk of its own
#: residual
$sum = $stream + y$n  #[T C]
#= sum[-1] $sum[i]
