#: project !kv
W_Q = P["$B.query.weight"]  #[H*D C]
b_Q = P["$B.query.bias"]
q_0 = F.linear(x, W_Q, b_Q).view(-1, H, D).transpose(0, 1)  #[H T D]
#: project !latent
W_K = P["$B.key.weight"]  #[G*D C]
b_K = P["$B.key.bias"]
k_0 = F.linear($m, W_K, b_K).view(-1, G, D).transpose(0, 1)  #[G S D]
#: project latent
W_l = P["$B.latent.weight"]  #[L C]
b_l = P["$B.latent.bias"]
latent = F.linear(x, W_l, b_l)  #[S L] all that is kept of a token
kept = latent
k_0 = torch.zeros(G, len(x), D)  #[G S D]
#: project latent rests
W_K = P["$B.key.weight"]  #[G*M L]
b_K = P["$B.key.bias"]
resting = $resting  # channels of a head that RoPE does not turn
k_0[:, :, resting] = F.linear(latent, W_K, b_K).view(-1, G, len(resting)).transpose(0, 1)
#: project latent rope
W_R = P["$B.shared_key.weight"]  #[R C]
b_R = P["$B.shared_key.bias"]
shared = F.linear(x, W_R, b_R)  #[S R] of all heads, kept too
kept = torch.cat([latent, shared], -1)  #[S L+R]
turning = $turning  # channels of a head that RoPE turns
k_0[:, :, turning] = shared
#: project latent
W_V = P["$B.value.weight"]  #[G*D L]
b_V = P["$B.value.bias"]
v = F.linear(latent, W_V, b_V).view(-1, G, D).transpose(0, 1)  #[G S D]
#= c.master kept[j]
#: project kv
k_0, q_0 = k_0.clone(), k_0.clone()  #[H T D] the query is the key; two tensors, so that each has its gradient
#: project keyvalue
k_0, v = k_0.clone(), k_0.clone()  #[G S D] the value is the key; two tensors, so that each has its gradient
#: project !keyvalue !latent
W_V = P["$B.value.weight"]  #[G*D C]
b_V = P["$B.value.bias"]
v = F.linear($m, W_V, b_V).view(-1, G, D).transpose(0, 1)  #[G S D]
#: project apart
W_Qg = P["$B.global_query.weight"]  #[H*D C]
b_Qg = P["$B.global_query.bias"]
W_Kg = P["$B.global_key.weight"]  #[G*D C]
b_Kg = P["$B.global_key.bias"]
W_Vg = P["$B.global_value.weight"]  #[G*D C]
b_Vg = P["$B.global_value.bias"]
n_g = $globals  # so many first queries ask with q_g, meet k_g and read v_g; all others use q, k and v
q_g0 = F.linear(x, W_Qg, b_Qg).view(-1, H, D).transpose(0, 1)  #[H T D]
k_g0 = F.linear(x, W_Kg, b_Kg).view(-1, G, D).transpose(0, 1)  #[G S D]
v_g = F.linear(x, W_Vg, b_Vg).view(-1, G, D).transpose(0, 1)  #[G S D]
q_g, k_g = q_g0, k_g0
#: project
q, k = q_0, k_0
#: project !global
#= q.master q[h, i]
#= k.master k[g, j]
#= v.master v[g, j]
#: project global
#= q.master q_g[h, i]
#= k.master k_g[g, j]
#= v.master v_g[g, j]
#: normalise normed kv
g_q = P["$B.key_norm.weight"]  #[D]
#: normalise normed !kv
g_q = P["$B.query_norm.weight"]  #[D]
#: normalise normed
g_k = P["$B.key_norm.weight"]  #[D]
q = F.rms_norm(q, (D,), g_q, $eps)  #[H T D]
k = F.rms_norm(k, (D,), g_k, $eps)  #[G S D]
#= q[-1] q[h, i]
#= k[-1] k[g, j]
#: rotate rope !scaled
theta = $base ** (-torch.arange(D // 2) / (D // 2))  #[D/2]
#: rotate rope scaled
theta = torch.tensor($theta)  #[D/2]
#: rotate rope
angle = torch.outer(torch.arange(q.shape[1]).double(), theta)  #[T D/2]
cos, sin = angle.cos(), angle.sin()
#: rotate factored
cos, sin = $attentionFactor * cos, $attentionFactor * sin
#: rotate rope halves
def turn(x):
    x1, x2 = x.chunk(2, -1)
    return torch.cat([x1 * cos - x2 * sin, x1 * sin + x2 * cos], -1)
#: rotate rope !halves
def turn(x):
    x1, x2 = x[..., 0::2], x[..., 1::2]
    return torch.stack([x1 * cos - x2 * sin, x1 * sin + x2 * cos], -1).flatten(-2)
#: rotate rope
q_1, k_1 = q, k
q, k = turn(q), turn(k)
#: rotate rope apart
q_g, k_g = turn(q_g0), turn(k_g0)
#: rotate rope !global
#= q[-1] q[h, i]
#= k[-1] k[g, j]
#: rotate rope global
#= q[-1] q_g[h, i]
#= k[-1] k_g[g, j]
#: divide unit
k_long = k
k = F.normalize(k_long, dim=-1, eps=1e-12)  #[G S D]
#= k[-1] k[g, j]
#: phi linear
phi_q, phi_k = F.elu(q) + 1, F.elu(k) + 1
#= q[-1] phi_q[h, i]
#= k[-1] phi_k[g, j]
#: phi drawn
omega = torch.tensor($omega).view(-1, D)  #[M D] the random matrix of the layer
def exponents(x):
    x = x / D ** 0.25
    return x @ omega.T - (x ** 2).sum(-1, keepdim=True) / 2
tau_q, tau_k = exponents(q), exponents(k)
M_q = tau_q.amax(-1, keepdim=True).detach()  #[H T 1] a constant to gradients
#: phi drawn !rises
M_k = tau_k.amax((1, 2), keepdim=True).detach()  #[G 1 1]
#: phi rises
M_k = tau_k.amax(-1, keepdim=True).cummax(1).values.detach()  #[G S 1]
#: phi drawn
phi_q = (tau_q - M_q).exp() / len(omega) ** 0.5  #[H T M]
phi_k = (tau_k - M_k).exp() / len(omega) ** 0.5  #[G S M]
#= ofQuery[-1] phi_q[h, i]
#= ofKey[-1] phi_k[g, j]
#: dot !features !grouped
dots = q @ k.transpose(1, 2)  #[H T S]
#: dot !features grouped
dots = q @ k.repeat_interleave(H // G, 0).transpose(1, 2)  #[H T S]
#: dot features !grouped
dots = phi_q @ phi_k.transpose(1, 2)  #[H T S]
#: dot features grouped
dots = phi_q @ phi_k.repeat_interleave(H // G, 0).transpose(1, 2)  #[H T S]
#: dot keeps
segment = torch.arange(q.shape[1]) // $segment
of_memory = segment[:, None] > segment  #[T S] the key is made once more, of a row that stands as it was
k_mem_0 = F.linear(x.detach(), W_K, b_K).view(-1, G, D).transpose(0, 1)  #[G S D]
#: dot keeps keyvalue
k_mem_0, v_mem = k_mem_0.clone(), k_mem_0.clone()
#: dot keeps !keyvalue
v_mem = F.linear(x.detach(), W_V, b_V).view(-1, G, D).transpose(0, 1)  #[G S D]
#: dot keeps
k_mem = k_mem_0
#: dot keeps normed
k_mem = F.rms_norm(k_mem, (D,), g_k, $eps)
#: dot keeps rope
k_mem = turn(k_mem)
#: dot keeps !linear
dots = torch.where(of_memory, q @ k_mem.repeat_interleave(H // G, 0).transpose(1, 2), dots)
#: dot keeps linear
phi_k_mem = F.elu(k_mem) + 1
dots = torch.where(of_memory, phi_q @ phi_k_mem.repeat_interleave(H // G, 0).transpose(1, 2), dots)
#: dot apart
dots = torch.cat([q_g[:, :n_g] @ k_g.repeat_interleave(H // G, 0).transpose(1, 2), dots[:, n_g:]], 1)
#: dot
s = dots
#= dot[0] dots[h, i]
#: rise rises
M_s = M_k[..., 0].repeat_interleave(H // G, 0)  #[H S]
eta = (M_s[:, None, :] - M_s[:, :, None]).clamp(max=0).exp()  #[H T S]
s = eta * dots  #[H T S]
#= score[0] s[h, i]
#: scale rooted
s = dots / D ** 0.5  #[H T S]
#= scaled[0] s[h, i]
#: position softmax map
w = P["$B.position_map.weight"].flatten()
b_map = P["$B.position_map.bias"]
c, n = torch.arange(len(w)), 2 * ((len(w) + 3) // 4)  # n channels tell i, the others j
at = torch.where(c < n, torch.arange(s.shape[1])[:, None, None], torch.arange(s.shape[2])[:, None])
angle = at / 10000 ** (c % n // 2 * 2 / n)  #[T S W]
P_ij = torch.where(c % n % 2 == 0, angle.sin(), angle.cos())
s = (s[..., None] + P_ij) @ w + b_map  #[H T S]
#: position softmax alibi
slope = torch.tensor($slopes)[:, None, None]  #[H 1 1]
s = s - slope * (torch.arange(s.shape[1])[:, None] - torch.arange(s.shape[2])).abs()
#: position softmax bucketed
offset = torch.arange(s.shape[2]) - torch.arange(s.shape[1])[:, None]  #[T S] key - query
#: position softmax bucketed causal
distance = (-offset).clamp(min=0)  #[T S] keys behind the query are hidden
#: position softmax bucketed !causal
distance = offset.abs()  #[T S]
#: position softmax bucketed
wide = $exactBuckets + ($wideScale * (distance.clamp(min=$wideFrom) / $wideFrom).double().log() + 1e-9).long()
bucket = torch.where(distance < $exactBuckets, distance, wide.clamp(max=$bucketsOfSide - 1))  #[T S]
#: position softmax bucketed !causal
bucket = bucket + $bucketsOfSide * (offset > 0)  # keys behind the query have buckets of their own
#: position softmax bucketed
b_table = P["$biasTable"]  #[X H]
s = s + b_table[bucket].permute(2, 0, 1)  #[H T S]
#: position softmax relates
u_h, v_h = P["$B.content_bias"][:, None], P["$B.position_bias"][:, None]  #[H 1 D]
W_R = P["$B.relative.weight"]  #[H*D C]
offset = torch.arange(s.shape[1])[:, None] - torch.arange(s.shape[2])  #[T S] query - key
c, half = torch.arange(C), (C + 1) // 2  # first all sines, then the cosines
angle = offset[..., None] / 10000 ** (2 * (c % half).double() / C)  #[T S C]
R = torch.where(c < half, angle.sin(), angle.cos()).to(s.dtype)
delta = F.linear(R, W_R).view(*offset.shape, H, D)  #[T S H D]
content = u_h @ k.repeat_interleave(H // G, 0).transpose(1, 2)  #[H 1 S]
#: position softmax relates keeps
content = torch.where(of_memory, u_h @ k_mem.repeat_interleave(H // G, 0).transpose(1, 2), content)  #[H T S]
#: position softmax relates
s = s + (content + torch.einsum("hip,ijhp->hij", q + v_h, delta)) / D ** 0.5
#: position softmax adds
#= score[0] s[h, i]
#: position softmax !adds
# no term of position is added to s
#: cap capped
s_in = s
s = $capNumber * torch.tanh(s_in / $capNumber)  #[H T S]
#= capped[0] s[h, i]
#: span spans
s_left = s
z_span = $longest * P["$B.span"].clamp(0, 1)[:, None, None]  #[H 1 1]
m_span = ((z_span + $rampNumber - (torch.arange(s.shape[1])[:, None] - torch.arange(s.shape[2])).abs()) / $rampNumber).clamp(0, 1)  #[H T S]
s = s_left.masked_fill(m_span == 0, -torch.inf) + m_span.masked_fill(m_span == 0, 1).log()  #[H T S]
#= spanned[0] s[h, i]
#: mask mask plainCausal
visible = torch.ones(s.shape[1:], dtype=torch.bool).tril()  #[T S]
#: mask mask hashed
rows = """$visible""".split()
visible = torch.tensor([[c == "1" for c in row] for row in rows]).view(s.shape)  #[H T S] by each head's own buckets
#: mask mask !plainCausal !hashed
rows = """$visible""".split()
visible = torch.tensor([[c == "1" for c in row] for row in rows])  #[T S] query i sees key j
#: mask mask softmax
masked = s.masked_fill(~visible, -torch.inf)  #[H T S]
#: mask mask factor
masked = s.masked_fill(~visible, 0)  #[H T S]
#: mask mask
#= masked[0] masked[h, i]
#: mask !mask
masked = s  # every query sees every key
#: max softmax sinks
psi = P["$B.sink"][:, None, None]  #[H 1 1]
s_max = torch.maximum(masked.amax(-1, keepdim=True), psi)  #[H T 1]
shifted = masked - s_max  #[H T S]
#: max softmax !blindRow !sinks
shifted = masked - masked.amax(-1, keepdim=True)  #[H T S]
#: max softmax blindRow !sinks
shifted = masked - masked.amax(-1, keepdim=True).clamp(min=-1e300)  #[H T S] a row that sees nothing has no maximum
#: max softmax
#= shifted[0] shifted[h, i]
#: exp softmax
e = shifted.exp()  #[H T S]
#= exp[0] e[h, i]
#: sum softmax sinks
e_psi = (psi - s_max).exp()  #[H T 1] of no key
total = e_psi + e.sum(-1, keepdim=True)  #[H T 1]
#: sum softmax !sinks
total = e.sum(-1, keepdim=True)  #[H T 1]
#: sum features
total = masked.sum(-1, keepdim=True)  #[H T 1]
#: sum
#= exp.master total[h, i]
#: weights softmax !blindRow !sinks
a = e / total  #[H T S] in one: masked.softmax(-1)
#: weights softmax !blindRow sinks
a = e / total  #[H T S]
#: weights softmax blindRow
a = e / total.where(total > 0, 1)  #[H T S]
#: decay fades !learnsDecay
gap = torch.arange(s.shape[1])[:, None] - torch.arange(s.shape[2])  #[T S] places between
gamma_h = 1 - 2.0 ** (-5 - torch.arange(H).double())[:, None, None]  #[H 1 1]
decay = torch.where(gap >= 0, gamma_h ** gap.clamp(min=0), 0.0)  #[H T S]
#: decay learnsDecay
W_a = P["$B.decay.weight"]  #[H C]
b_a = P["$B.decay.bias"]
delta = F.linear(x, W_a, b_a)  #[T H]
kept = torch.sigmoid(delta) ** (1 / 16)  #[T H]
gap = torch.arange(s.shape[1])[:, None] - torch.arange(s.shape[2])  #[T S] places between
logs = kept.log().cumsum(0).T  #[H T]
decay = (logs[:, :, None] - logs[:, None, :]).masked_fill(gap < 0, -torch.inf).exp()  #[H T S]
#: decay fades
#= decay[0] decay[h, i]
#: decay learnsDecay
#= kept[0] delta[:, h]
#= kept[-1] kept[:, h]
#: weights fades
a = decay * masked  #[H T S]
#: weights product
a = masked  #[H T S] the products themselves
#: weights linear
a = masked / (total + 1e-6)  #[H T S]
#: weights drawn
a = masked / total.clamp(min=1e-300)  #[H T S] a row that sees nothing stays 0
#: weights
#= weights[0] a[h, i]
#: mix !keeps !grouped
o = a @ v  #[H T D]
#: mix !keeps grouped
o = a @ v.repeat_interleave(H // G, 0)  #[H T D]
#: mix apart
o = torch.cat([a[:, :n_g] @ v_g.repeat_interleave(H // G, 0), o[:, n_g:]], 1)
#: mix keeps
o = a.masked_fill(of_memory, 0) @ v.repeat_interleave(H // G, 0)  #[H T D]
o = o + a.masked_fill(~of_memory, 0) @ v_mem.repeat_interleave(H // G, 0)
#: mix softmax !adds !capped !spans !sinks !mask !grouped !apart
# in one: F.scaled_dot_product_attention(q, k, v)
#: mix softmax !adds !capped !spans !sinks mask !keeps !grouped !blindRow !apart
# in one: F.scaled_dot_product_attention(q, k, v, attn_mask=visible)
#: mix softmax !adds !capped !spans !sinks !mask grouped !apart
# in one: F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
#: mix softmax !adds !capped !spans !sinks mask !keeps grouped !blindRow !apart
# in one: F.scaled_dot_product_attention(q, k, v, attn_mask=visible, enable_gqa=True)
#: mix
#= mix.master o[h, i]
#: head_norm fades
head_sum = o  #[H T D]
o = F.rms_norm(head_sum, (D,), None, $eps)  #[H T D]
#= norm[-1] o[h, i]
#: heads
joined = o.transpose(0, 1).flatten(1)  #[T H*D]
#= heads joined[i].view(H, D)
#: gate opens
W_G = P["$B.gate.weight"]  #[H*D C]
b_G = P["$B.gate.bias"]
eta = F.linear(x, W_G, b_G)  #[T H*D]
opened = torch.sigmoid(eta) * joined  #[T H*D]
#= gate torch.sigmoid(eta)[i].view(H, D)
#= opened opened[i].view(H, D)
#: output
W_O = P["$B.output.weight"]  #[C H*D]
b_O = P["$B.output.bias"]
y = F.linear($joined, W_O, b_O)  #[T C]
#= output.master y[i]
