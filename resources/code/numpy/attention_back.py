#: d_output,query_back !opens
do = ($dy @ W_O).reshape(-1, H, D).swapaxes(0, 1)  #[H T D]
#: d_output !opens
#= do.master do[h, i]
#: d_output,query_back opens
d_opened = $dy @ W_O  #[T H*D]
#: d_output opens
#= do.master d_opened[i].reshape(H, D)[h]
#: d_gate,query_back opens
do = (G_o * d_opened).reshape(-1, H, D).swapaxes(0, 1)  #[H T D]
d_eta = G_o * (1 - G_o) * joined * d_opened  #[T H*D]
#: d_gate opens
#= gate[2] do[h, i]
#= gate[-1] d_eta[i].reshape(H, D)[h]
#: query_back
#= do do[:, i]
#: d_head_norm; query_back fades
d_sum = (do - o * (do * o).mean(-1, keepdims=True)) / o_rms  #[H T D]
#: d_head_norm
#= norm[-1] d_sum[h, i]
#: query_back fades
#= sum d_sum[:, i]
#: d_value !apart; value_back !keeps !apart
dv = a.swapaxes(1, 2) @ $dSum  #[H S D]
#: value_back keeps
dv = np.where(of_memory, 0, a).swapaxes(1, 2) @ $dSum  #[H S D] a memory's row stands as it was
#: d_value apart !global; value_back apart
dv = a[:, n_g:].swapaxes(1, 2) @ do[:, n_g:]  #[H S D] of queries that read v
#: d_value grouped !global; value_back grouped
dv = dv.reshape(G, H // G, -1, D).sum(1)  #[G S D] of all heads that share it
#: d_value !global
#= sum.master dv[g, j]
#: d_value global; global_value_back apart
dv_g = a[:, :n_g].swapaxes(1, 2) @ do[:, :n_g]  #[H S D] of the first queries
#: d_value global grouped; global_value_back apart grouped
dv_g = dv_g.reshape(G, H // G, -1, D).sum(1)  #[G S D] of all heads that share it
#: d_value global
#= sum.master dv_g[g, j]
#: d_weights,query_back
da = $dSum @ v.swapaxes(1, 2)  #[H T S]
#: d_weights,query_back apart
da[:, :n_g] = do[:, :n_g] @ v_g.swapaxes(1, 2)
#: d_weights
#= da[0] da[h, i]
#: query_back
#= a a[:, i]
#= da da[:, i]
#: d_softmax,query_back softmax
ds = a * (da - (a * da).sum(-1, keepdims=True))  #[H T S]
#: d_softmax,query_back linear
ds = (da - (a * da).sum(-1, keepdims=True)) / (total + 1e-6)  #[H T S]
#: d_softmax,query_back drawn
ds = (da - (a * da).sum(-1, keepdims=True)) / np.maximum(total, 1e-300)  #[H T S]
#: d_softmax,query_back fades
ds = decay * da  #[H T S]
#: d_softmax,query_back product
ds = da  #[H T S]
#: d_softmax,query_back factor mask
ds = np.where(visible, ds, 0)
#: d_softmax
#= ds[0] ds[h, i]
#: query_back
#= ds ds[:, i]
#: d_decay; query_back learnsDecay
d_decay = da * s  #[H T S] of a hidden key s is 0
flow = d_decay * decay  #[H T S]
d_log = (flow.sum(2) - flow.sum(1))[:, ::-1].cumsum(1)[:, ::-1]  #[H T] pairs j < t <= i
d_kept = d_log / kept  #[H T]
d_delta = d_kept * kept * (1 - kept ** 16) / 16  #[H T]
#: d_decay
dW_a = d_delta @ x  #[H C]
#= pairs[-1] d_decay[h, i]
#= kept[1] d_kept[h]
#= kept[-1] d_delta[h]
#= matrix dW_a[h]
#: query_back learnsDecay
via_decay = d_delta.T @ W_a  #[T C]
#: d_span spans
ds_left = ds  #[H T S] as it is
on_ramp = (m_span > 0) & (m_span < 1)
dz_span = np.where(on_ramp, ds / np.where(on_ramp, $rampNumber * m_span, 1), 0)  #[H T S] what each pair asks of the span
#= asks[0] dz_span[h, i]
#= before[0] ds_left[h, i]
#: query_back spans
#= spanless ds[:, i]
#: d_cap,query_back capped
ds_in = ds * (1 - (s_capped / $capNumber) ** 2)  #[H T S]
#: d_cap capped
#= before[0] ds_in[h, i]
#: query_back capped
#= before ds_in[:, i]
#: d_query,query_back rooted !map
d_dot = $dsIn / np.sqrt(D)  #[H T S]
#: d_query,query_back rooted map
d_dot = w.sum() * $dsIn / np.sqrt(D)  #[H T S]
#: d_query,query_back product
d_dot = ds  #[H T S]
#: d_query,query_back drawn !rises
d_dot = ds  #[H T S]
#: d_query,query_back rises
d_dot = eta * ds  #[H T S]
#: d_query,query_back drawn
d_tau = (d_dot @ phi_k) * phi_q  #[H T M] M_q counts as a constant
dq = (d_tau @ omega - d_tau.sum(-1, keepdims=True) * q / D ** 0.25) / D ** 0.25  #[H T D]
#: d_query,query_back !features
dq = d_dot @ k  #[H T D]
#: d_query,query_back relates
d_place = $dsIn / np.sqrt(D)  #[H T S]
dq = dq + np.einsum("hij,ijhp->hip", d_place, delta)
#: d_query,query_back linear
d_dot = ds  #[H T S]
dq = (d_dot @ phi_k) * np.where(q > 0, 1, np.exp(np.minimum(q, 0)))  #[H T D]
#: d_query,query_back apart
dq_g = d_dot @ k_g  #[H T D]
dq[:, :n_g], dq_g[:, n_g:] = 0, 0
#: d_query !drawn !apart
#= sum.master dq[h, i]
#: d_query drawn
#= query[-1] dq[h, i]
#: d_query apart
#= sum.master (dq + dq_g)[h, i]
#: query_back !apart
#= dq dq[:, i]
#: query_back apart
#= dq (dq + dq_g)[:, i]
#: key_back keeps
d_dot = np.where(of_memory, 0, d_dot)  # a memory's row stands as it was
#: key_back keeps relates
d_place = np.where(of_memory, 0, d_place)
#: d_key,key_back drawn
d_tau = (d_dot.swapaxes(1, 2) @ phi_q) * phi_k  #[H S M]
dk = (d_tau @ omega - d_tau.sum(-1, keepdims=True) * k / D ** 0.25) / D ** 0.25  #[H S D]
#: d_key,key_back !features !apart
dk = d_dot.swapaxes(1, 2) @ q  #[H S D]
#: d_key,key_back relates
dk = dk + d_place.sum(1)[..., None] * u_h
#: d_key apart !global; key_back apart
dk = d_dot[:, n_g:].swapaxes(1, 2) @ q[:, n_g:]  #[H S D] of queries that met k
#: d_key global; global_key_back apart
dk_g = d_dot[:, :n_g].swapaxes(1, 2) @ q_g[:, :n_g]  #[H S D] of the first queries
#: d_key,key_back linear
dk = (d_dot.swapaxes(1, 2) @ phi_q) * np.where(k > 0, 1, np.exp(np.minimum(k, 0)))  #[H S D]
#: d_key grouped !global; key_back grouped
dk = dk.reshape(G, H // G, -1, D).sum(1)  #[G S D] of all heads that share it
#: d_key grouped global; global_key_back apart grouped
dk_g = dk_g.reshape(G, H // G, -1, D).sum(1)  #[G S D] of all heads that share it
#: d_key !drawn !global
#= sum.master dk[g, j]
#: d_key drawn
#= key[-1] dk[g, j]
#: d_key global
#= sum.master dk_g[g, j]
#: d_divide; key_back unit
dk_long = (dk - k_unit * (k_unit * dk).sum(-1, keepdims=True)) / k_length  #[G S D]
#: d_divide
#= k[-1] dk_long[g, j]
#: d_normalise rope; d_matrix rope !normed; query_back rope
dq_t = turn(dq, -sin)  #[H T D] turned back
#: d_normalise rope; d_matrix rope kv !normed; key_back rope
dk_t = turn($dkDivided, -sin)  #[G S D] turned back
#: d_matrix rope apart; query_back rope apart
dq_gt = turn(dq_g, -sin)  #[H T D] turned back
#: global_key_back rope apart
dk_gt = turn(dk_g, -sin)  #[G S D] turned back
#: d_normalise; query_back normed
dn = g_q * $dqTurned
dq_n = (dn - q_n * (dn * q_n).mean(-1, keepdims=True)) / q_rms  #[H T D]
#: d_normalise; key_back normed
dn = g_k * $dkTurned
dk_n = (dn - k_n * (dn * k_n).mean(-1, keepdims=True)) / k_rms  #[G S D]
#: d_normalise
#= q[-1] dq_n[h, i]
#= k[-1] dk_n[g, j]
#: query_back rope !apart
#= turned dq_t[:, i]
#: query_back rope apart
#= turned (dq_t + dq_gt)[:, i]
#: query_back normed
#= unnormed dq_n[:, i]
#: d_matrix global
dW_Qg = $dqGlobal.swapaxes(0, 1).reshape(-1, H * D).T @ x  #[H*D C]
#= matrix dW_Qg[h * D:(h + 1) * D]
#: d_matrix !kv !global
dW_Q = $dqEnd.swapaxes(0, 1).reshape(-1, H * D).T @ x  #[H*D C]
#= matrix dW_Q[h * D:(h + 1) * D]
#: d_matrix kv
d_both = $dqEnd + $dkEnd  # a row's key is also its query
#: d_matrix kv keyvalue
d_both = d_both + dv  # and its value
#: d_matrix kv
dW_K = d_both.swapaxes(0, 1).reshape(-1, H * D).T @ x  #[H*D C]
#= matrix dW_K[h * D:(h + 1) * D]
#: query_back !kv
via_q = $dqEnd.swapaxes(0, 1).reshape(-1, H * D) @ W_Q  #[T C]
#: query_back apart
via_q = via_q + $dqGlobal.swapaxes(0, 1).reshape(-1, H * D) @ W_Qg
#: query_back kv
via_q = $dqEnd.swapaxes(0, 1).reshape(-1, H * D) @ W_K  #[T C]
#: query_back opens
via_g = d_eta @ W_G  #[T C]
#: key_back !latent
via_k = $dkEnd.swapaxes(0, 1).reshape(-1, G * D) @ W_K  #[S C]
#: key_back latent rests
d_resting = $dkEnd[:, :, resting].swapaxes(0, 1)  #[S G M]
via_k = d_resting.reshape(len(d_resting), -1) @ W_K @ W_l  #[S C]
#: key_back latent rope rests
via_k = via_k + $dkEnd[:, :, turning].sum(0) @ W_R  #[S C]
#: key_back latent rope !rests
via_k = $dkEnd[:, :, turning].sum(0) @ W_R  #[S C]
#: key_back
#= sum.master via_k[i]
#: global_key_back apart
via_kg = $dkGlobal.swapaxes(0, 1).reshape(-1, G * D) @ W_Kg  #[S C]
#= sum.master via_kg[i]
#: global_value_back apart
via_vg = dv_g.swapaxes(0, 1).reshape(-1, G * D) @ W_Vg  #[S C]
#= sum.master via_vg[i]
#: value_back latent
via_v = dv.swapaxes(0, 1).reshape(-1, G * D) @ W_V @ W_l  #[S C]
#: value_back !keyvalue !latent
via_v = dv.swapaxes(0, 1).reshape(-1, G * D) @ W_V  #[S C]
#: value_back keyvalue
via_v = dv.swapaxes(0, 1).reshape(-1, G * D) @ W_K  #[S C]
#: value_back
#= sum.master via_v[i]
#: d_cross,d_l_cross_sum
$through = via_q  #[T C]
#: d_cross
#= query.master via_q[i]
