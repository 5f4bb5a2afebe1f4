#: d_logits smoothed; d_logits zloss
L = F.cross_entropy(logits, targets, ignore_index=-1, label_smoothing=$smoothing)  # what training pays
#: d_logits zloss
L = L + $zloss * (logits[targets >= 0].logsumexp(-1) ** 2).mean()
#: d_logits
dlogits = grad(logits)  #[A Y] all gradients at once: L.backward()
#= rows[-1] dlogits[$a]
#: d_head
dr = grad(r)  #[A C]
#= head.master dr[$a]
#: d_hidden
dhz, dr = grad(hz), grad($head)  #[A C]
#= norm[-1] dhz[$a]
#= linear.master dr[$a]
#: d_final_norm
#= norm[-1] $gives[i]
#: norm_back
$gives = back($to, $from)  #[T C]
#: d_norm
dgamma$n = grad(gamma$n)  #[C]
#= norm[-1] $gives[i]
#= trained[0] dgamma$n
#: d_norm !rms
dbeta$n = grad(beta$n)  #[C]
#= trained[1] dbeta$n
#: sum_back
$gives = grad($of)  #[T C] straight on, and through the part
#: d_residual,sum_shown
#= sum[-1] $gives[i]
#: d_memory
#= ways[-1] dm[i]
#: d_memory pre
#= norm[-1] dtop[i]
#: ways
$through = via_q + $viaKV$viaG$viaDecay  #[T C] of a row: as a query, as a key, by its value
#: d_ffn_down,ffn_back
df = grad(f)  #[T F]
#: d_ffn_down
#= down.master df[i]
#: d_ffn_down_matrix
dW_down = grad(W_down)  #[C F]
#= matrix dW_down
#: d_ffn_down_matrix feedBias
db_down = grad(b_down)  #[C]
#= matrix.lead db_down
#: d_ffn_bend,ffn_back
du = grad(u)  #[T F]
#: d_ffn_bend,ffn_back gated
du_g = grad(u_g)  #[T F]
#: d_ffn_bend,ffn_shown !gated
#= bend[-1] du[i]
#: d_ffn_bend,ffn_shown gated
#= bend[-2] du[i]
#= bend[-1] du_g[i]
#: d_ffn_up,ffn_back !gated
$through = back(u, $reads)  #[T C]
#: d_ffn_up,ffn_back gated
$through = back(u_g, $reads) + back(u, $reads)  #[T C]
#: d_ffn_up !gated
#= up.master $through[i]
#: d_ffn_up gated
#= both[0] $through[i]
#: d_ffn_up_matrix gated
dW_gate = grad(W_gate)  #[F C]
#= gate dW_gate
#: d_ffn_up_matrix
dW_up = grad(W_up)  #[F C]
#= up dW_up
#: d_output opens
d_opened = grad(opened)  #[T H*D]
#= do.master d_opened[i].view(H, D)[h]
#: d_output !opens; d_gate opens; query_back
do = grad(o)  #[H T D]
#: d_output !opens
#= do.master do[h, i]
#: d_gate opens
d_eta = grad(eta)  #[T H*D]
#= gate[2] do[h, i]
#= gate[-1] d_eta[i].view(H, D)[h]
#: query_back
#= do do[:, i]
#: d_head_norm; query_back fades
d_sum = grad(head_sum)  #[H T D]
#: d_head_norm
#= norm[-1] d_sum[h, i]
#: query_back fades
#= sum d_sum[:, i]
#: d_value !keeps !global
dv = grad(v)  #[G S D]
#: d_value keeps
dv = grad(v) + grad(v_mem)  #[G S D] of its own segment's queries, and as memory
#: d_value
#= sum.master dv[g, j]
#: d_value global
dv_g = grad(v_g)  #[G S D]
#= sum.master dv_g[g, j]
#: d_weights,query_back
da = grad(a)  #[H T S]
#: d_weights
#= da[0] da[h, i]
#: query_back
#= a a[:, i]
#= da da[:, i]
#: d_softmax,query_back
ds = grad(s)  #[H T S]
#: d_softmax
#= ds[0] ds[h, i]
#: query_back
#= ds ds[:, i]
#: d_decay
d_decay, d_kept, d_delta = grad(decay), grad(kept), grad(delta)
dW_a = grad(W_a)  #[H C]
#= pairs[-1] d_decay[h, i]
#= kept[1] d_kept[:, h]
#= kept[-1] d_delta[:, h]
#= matrix dW_a[h]
#: d_span spans
ds_left = grad(s_left)  #[H T S]
#= before[0] ds_left[h, i]
#: query_back spans
#= spanless ds[:, i]
#: d_cap,query_back capped
ds_in = grad(s_in)  #[H T S]
#: d_cap capped
#= before[0] ds_in[h, i]
#: query_back capped
#= before ds_in[:, i]
#: d_query,query_back
dq = grad(q)  #[H T D]
#: d_query,query_back apart
dq_g = grad(q_g)  #[H T D]
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
#: d_key !keeps !global
dk = grad(k)  #[G S D]
#: d_key keeps
dk = grad(k) + grad(k_mem)  #[G S D] of its own segment's queries, and as memory
#: d_key !drawn
#= sum.master dk[g, j]
#: d_key global
dk_g = grad(k_g)  #[G S D]
#= sum.master dk_g[g, j]
#: d_divide
dk_long = grad(k_long)  #[G S D]
#= k[-1] dk_long[g, j]
#: d_key drawn
#= key[-1] dk[g, j]
#: d_normalise !keeps
dq_0, dk_0 = grad(q_0), grad(k_0)  # before the norm
#: d_normalise keeps
dq_0, dk_0 = grad(q_0), grad(k_0) + grad(k_mem_0)  # before the norm
#: d_normalise
#= q[-1] dq_0[h, i]
#= k[-1] dk_0[g, j]
#: query_back rope
dq_1 = grad(q_1)  #[H T D] turned back
#: query_back rope !apart
#= turned dq_1[:, i]
#: query_back rope apart
#= turned (dq_1 + grad(q_g0))[:, i]
#: query_back normed
dq_0 = grad(q_0)  #[H T D] before the norm
#= unnormed dq_0[:, i]
#: d_matrix global
dW_Qg = grad(W_Qg)  #[H*D C]
#= matrix dW_Qg[h * D:(h + 1) * D]
#: d_matrix !kv !global
dW_Q = grad(W_Q)  #[H*D C]
#= matrix dW_Q[h * D:(h + 1) * D]
#: d_matrix kv !keyvalue
dW_K = grad(W_K)  #[H*D C] as queries and as keys
#: d_matrix kv keyvalue
dW_K = grad(W_K)  #[H*D C] as queries, keys and values
#: d_matrix kv
#= matrix dW_K[h * D:(h + 1) * D]
#: query_back
via_q = back(q_0, x)  #[T C]
#: query_back learnsDecay
via_decay = back(delta, x)  #[T C]
#: query_back apart
via_q = via_q + back(q_g0, x)
#: query_back opens
via_g = back(eta, x)  #[T C]
#: key_back
via_k = back(k_0, $m)  #[S C]
#= sum.master via_k[i]
#: global_key_back apart
via_kg = back(k_g0, x)  #[S C]
#= sum.master via_kg[i]
#: global_value_back apart
via_vg = back(v_g, x)  #[S C]
#= sum.master via_vg[i]
#: value_back
via_v = back(v, $m)  #[S C]
#= sum.master via_v[i]
#: d_cross,d_l_cross_sum
$through = via_q  #[T C]
#: d_cross
#= query.master via_q[i]
