#: d_logits numbers
dlogits = miss / square[counts].size  #[A Y]
#: d_logits !numbers
t = np.zeros_like(p)
t[counts, targets[counts]] = 1  #[A Y] 1 at the target
#: d_logits smoothed
t = (1 - $smoothing) * t + $smoothing / t.shape[-1]  # label smoothing
#: d_logits !numbers
dlogits = (p - t) / len(counts)  #[A Y]
#: d_logits zloss
log_z = np.log(np.exp(logits).sum(-1, keepdims=True))
dlogits = dlogits + 2 * $zloss * log_z * p / len(counts)
#: d_logits
dlogits[targets < 0] = 0  # no loss at these positions
#= rows[-1] dlogits[$a]
#: d_head
dr = dlogits @ W_U  #[A C]
#= head.master dr[$a]
#: d_hidden
dhx = dr * (hx > 0)  #[A C]
dgamma_h, dbeta_h = (dhx * zn_h).sum(0), dhx.sum(0)
dn = gamma_h * dhx
dhz = (dn - dn.mean(-1, keepdims=True) - zn_h * (dn * zn_h).mean(-1, keepdims=True)) / sd_h
dr = dhz @ W  #[A C]
#= norm[-1] dhz[$a]
#= linear.master dr[$a]
#: d_final_norm
#= norm[-1] $gives[i]
