#: norm_back
dgamma$n = ($given * zn$n).sum(0)  #[C]
#: norm_back !rms
dbeta$n = $given.sum(0)  #[C]
#: norm_back
dn = gamma$n * $given  #[T C]
#: norm_back !rms
$gives = (dn - dn.mean(-1, keepdims=True) - zn$n * (dn * zn$n).mean(-1, keepdims=True)) / sd$n
#: norm_back rms
$gives = (dn - zn$n * (dn * zn$n).mean(-1, keepdims=True)) / sd$n
#: d_norm
#= norm[-1] $gives[i]
#= trained[0] dgamma$n
#: d_norm !rms
#= trained[1] dbeta$n
#: sum_back
$gives = $straight + $through  #[T C] straight on, and through the part
#: d_residual,sum_shown
#= sum[-1] $gives[i]
#: d_memory
#= ways[-1] dm[i]
#: d_memory pre
#= norm[-1] dtop[i]
#: ways
$through = via_q + $viaKV$viaG$viaDecay  #[T C] of a row: as a query, as a key, by its value
