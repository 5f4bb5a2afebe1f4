#: project !kv
W_Q = P["$B.query.weight"]  #[H*D C]
b_Q = P["$B.query.bias"]
q = (x @ W_Q.T + b_Q).reshape(-1, H, D).swapaxes(0, 1)  #[H T D]
#: project !latent
W_K = P["$B.key.weight"]  #[G*D C]
b_K = P["$B.key.bias"]
k = ($m @ W_K.T + b_K).reshape(-1, G, D).swapaxes(0, 1)  #[G S D]
#: project kv
q = k  #[H T D] its own key
#: project latent
W_l = P["$B.latent.weight"]  #[L C]
b_l = P["$B.latent.bias"]
latent = x @ W_l.T + b_l  #[S L] all that is kept of a token
kept = latent
k = np.zeros((G, len(x), D))  #[G S D]
#: project latent rests
W_K = P["$B.key.weight"]  #[G*M L]
b_K = P["$B.key.bias"]
resting = $resting  # channels of a head that RoPE does not turn
k[:, :, resting] = (latent @ W_K.T + b_K).reshape(-1, G, len(resting)).swapaxes(0, 1)
#: project latent rope
W_R = P["$B.shared_key.weight"]  #[R C]
b_R = P["$B.shared_key.bias"]
shared = x @ W_R.T + b_R  #[S R] of all heads, kept too
kept = np.concatenate([latent, shared], -1)  #[S L+R]
turning = $turning  # channels of a head that RoPE turns
k[:, :, turning] = shared
#: project latent
W_V = P["$B.value.weight"]  #[G*D L]
b_V = P["$B.value.bias"]
v = (latent @ W_V.T + b_V).reshape(-1, G, D).swapaxes(0, 1)  #[G S D]
#= c.master kept[j]
#: project keyvalue
v = k  #[G S D] the key itself
#: project !keyvalue !latent
W_V = P["$B.value.weight"]  #[G*D C]
b_V = P["$B.value.bias"]
v = ($m @ W_V.T + b_V).reshape(-1, G, D).swapaxes(0, 1)  #[G S D]
#: project apart
W_Qg = P["$B.global_query.weight"]  #[H*D C]
b_Qg = P["$B.global_query.bias"]
W_Kg = P["$B.global_key.weight"]  #[G*D C]
b_Kg = P["$B.global_key.bias"]
W_Vg = P["$B.global_value.weight"]  #[G*D C]
b_Vg = P["$B.global_value.bias"]
n_g = $globals  # so many first queries ask with q_g, meet k_g and read v_g; all others use q, k and v
q_g = (x @ W_Qg.T + b_Qg).reshape(-1, H, D).swapaxes(0, 1)  #[H T D]
k_g = (x @ W_Kg.T + b_Kg).reshape(-1, G, D).swapaxes(0, 1)  #[G S D]
v_g = (x @ W_Vg.T + b_Vg).reshape(-1, G, D).swapaxes(0, 1)  #[G S D]
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
q_rms = np.sqrt((q ** 2).mean(-1, keepdims=True) + $eps)  #[H T 1]
k_rms = np.sqrt((k ** 2).mean(-1, keepdims=True) + $eps)  #[G S 1]
q_n, k_n = q / q_rms, k / k_rms
q, k = g_q * q_n, g_k * k_n
#= q[-1] q[h, i]
#= k[-1] k[g, j]
#: rotate rope !scaled
theta = $base ** (-np.arange(D // 2) / (D // 2))  #[D/2]
#: rotate rope scaled
theta = np.array($theta)  #[D/2]
#: rotate rope
angle = np.arange(q.shape[1])[:, None] * theta  #[T D/2]
cos, sin = np.cos(angle), np.sin(angle)
#: rotate factored
cos, sin = $attentionFactor * cos, $attentionFactor * sin
#: rotate rope halves
def turn(x, sin):
    x1, x2 = x[..., :D // 2], x[..., D // 2:]
    return np.concatenate([x1 * cos - x2 * sin, x1 * sin + x2 * cos], -1)
#: rotate rope !halves
def turn(x, sin):
    x1, x2 = x[..., 0::2], x[..., 1::2]
    return np.stack([x1 * cos - x2 * sin, x1 * sin + x2 * cos], -1).reshape(x.shape)
#: rotate rope
q, k = turn(q, sin), turn(k, sin)
#: rotate rope apart
q_g, k_g = turn(q_g, sin), turn(k_g, sin)
#: rotate rope !global
#= q[-1] q[h, i]
#= k[-1] k[g, j]
#: rotate rope global
#= q[-1] q_g[h, i]
#= k[-1] k_g[g, j]
#: divide unit
k_length = np.maximum(np.sqrt((k ** 2).sum(-1, keepdims=True)), 1e-12)  #[G S 1]
k_unit = k / k_length  #[G S D]
k = k_unit
#= k[-1] k[g, j]
#: phi linear
def phi(x):
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))
phi_q, phi_k = phi(q), phi(k)
#= q[-1] phi_q[h, i]
#= k[-1] phi_k[g, j]
#: phi drawn
omega = np.array($omega).reshape(-1, D)  #[M D] the random matrix of the layer
def exponents(x):
    x = x / D ** 0.25
    return x @ omega.T - (x ** 2).sum(-1, keepdims=True) / 2
tau_q, tau_k = exponents(q), exponents(k)
M_q = tau_q.max(-1, keepdims=True)  #[H T 1]
#: phi drawn !rises
M_k = tau_k.max((1, 2), keepdims=True)  #[G 1 1]
#: phi rises
M_k = np.maximum.accumulate(tau_k.max(-1, keepdims=True), 1)  #[G S 1]
#: phi drawn
phi_q = np.exp(tau_q - M_q) / len(omega) ** 0.5  #[H T M]
phi_k = np.exp(tau_k - M_k) / len(omega) ** 0.5  #[G S M]
#= ofQuery[-1] phi_q[h, i]
#= ofKey[-1] phi_k[g, j]
#: dot !features grouped
k = np.repeat(k, H // G, axis=0)  #[H S D]
#: dot features grouped
k, phi_k = np.repeat(k, H // G, axis=0), np.repeat(phi_k, H // G, axis=0)
#: dot !features
s = q @ k.swapaxes(1, 2)  #[H T S]
#: dot apart grouped
k_g = np.repeat(k_g, H // G, axis=0)  #[H S D]
#: dot apart
s[:, :n_g] = q_g[:, :n_g] @ k_g.swapaxes(1, 2)
#: dot features
s = phi_q @ phi_k.swapaxes(1, 2)  #[H T S]
#: dot
#= dot[0] s[h, i]
#: rise rises
M_s = np.repeat(M_k[..., 0], H // G, axis=0)  #[H S]
eta = np.exp(np.minimum(M_s[:, None, :] - M_s[:, :, None], 0))  #[H T S]
s = eta * s  #[H T S]
#= score[0] s[h, i]
#: scale rooted
s = s / np.sqrt(D)  #[H T S]
#= scaled[0] s[h, i]
#: position softmax map
w = P["$B.position_map.weight"].ravel()
b_map = P["$B.position_map.bias"]
c, n = np.arange(w.size), 2 * ((w.size + 3) // 4)  # n channels tell i, the others j
at = np.where(c < n, np.arange(s.shape[1])[:, None, None], np.arange(s.shape[2])[:, None])
angle = at / 10000 ** (c % n // 2 * 2 / n)  #[T S W]
P_ij = np.where(c % n % 2 == 0, np.sin(angle), np.cos(angle))
s = (w * (s[..., None] + P_ij)).sum(-1) + b_map  #[H T S]
#: position softmax alibi
slope = np.array($slopes)[:, None, None]  #[H 1 1]
s = s - slope * abs(np.arange(s.shape[1])[:, None] - np.arange(s.shape[2]))
#: position softmax bucketed
offset = np.arange(s.shape[2]) - np.arange(s.shape[1])[:, None]  #[T S] key - query
#: position softmax bucketed causal
distance = np.maximum(-offset, 0)  #[T S] keys behind the query are hidden
#: position softmax bucketed !causal
distance = abs(offset)  #[T S]
#: position softmax bucketed
wide = $exactBuckets + ($wideScale * np.log(np.maximum(distance, $wideFrom) / $wideFrom) + 1e-9).astype(int)
bucket = np.where(distance < $exactBuckets, distance, np.minimum(wide, $bucketsOfSide - 1))  #[T S]
#: position softmax bucketed !causal
bucket = bucket + $bucketsOfSide * (offset > 0)  # keys behind the query have buckets of their own
#: position softmax bucketed
b_table = P["$biasTable"]  #[X H]
s = s + b_table[bucket].transpose(2, 0, 1)  #[H T S]
#: position softmax relates
u_h, v_h = P["$B.content_bias"][:, None], P["$B.position_bias"][:, None]  #[H 1 D]
W_R = P["$B.relative.weight"]  #[H*D C]
offset = np.arange(s.shape[1])[:, None] - np.arange(s.shape[2])  #[T S] query - key
c, half = np.arange(C), (C + 1) // 2  # first all sines, then the cosines
angle = offset[..., None] / 10000 ** (2 * (c % half) / C)  #[T S C]
R = np.where(c < half, np.sin(angle), np.cos(angle))
delta = (R @ W_R.T).reshape(*offset.shape, H, D)  #[T S H D]
s = s + (u_h @ k.swapaxes(1, 2) + np.einsum("hip,ijhp->hij", q + v_h, delta)) / np.sqrt(D)
#: position softmax adds
#= score[0] s[h, i]
#: position softmax !adds
# no term of position is added to s
#: cap capped
s_capped = $capNumber * np.tanh(s / $capNumber)  #[H T S]
s = s_capped
#= capped[0] s_capped[h, i]
#: span spans
z_span = $longest * np.clip(P["$B.span"], 0, 1)[:, None, None]  #[H 1 1]
left = $rampNumber + z_span - abs(np.arange(s.shape[1])[:, None] - np.arange(s.shape[2]))
m_span = np.clip(left / $rampNumber, 0, 1)  #[H T S]
s = np.where(m_span > 0, s + np.log(np.where(m_span > 0, m_span, 1)), -np.inf)  #[H T S]
#= spanned[0] s[h, i]
#: mask plainCausal
visible = np.tril(np.ones(s.shape[1:], bool))  #[T S]
#: mask mask hashed
rows = """$visible""".split()
visible = np.array([[c == "1" for c in row] for row in rows]).reshape(s.shape)  #[H T S] by each head's own buckets
#: mask mask !plainCausal !hashed
rows = """$visible""".split()
visible = np.array([[c == "1" for c in row] for row in rows])  #[T S] query i sees key j
#: mask mask softmax
s = np.where(visible, s, -np.inf)  #[H T S]
#: mask mask factor
s = np.where(visible, s, 0)  #[H T S]
#: mask mask
#= masked[0] s[h, i]
#: mask !mask
# every query sees every key
#: mask keeps
segment = np.arange(s.shape[1]) // $segment
of_memory = segment[:, None] > segment  #[T S] the key stands as it was made
#: max softmax sinks
psi = P["$B.sink"][:, None, None]  #[H 1 1]
s_max = np.maximum(s.max(-1, keepdims=True), psi)  #[H T 1]
#: max softmax !blindRow !sinks
s_max = s.max(-1, keepdims=True)  #[H T 1]
#: max softmax blindRow !sinks
s_max = np.maximum(s.max(-1, keepdims=True), -1e300)  #[H T 1] a row that sees nothing has no maximum
#: max softmax
s = s - s_max
#= shifted[0] s[h, i]
#: exp softmax
e = np.exp(s)  #[H T S]
#= exp[0] e[h, i]
#: sum softmax sinks
e_psi = np.exp(psi - s_max)  #[H T 1] of no key
total = e_psi + e.sum(-1, keepdims=True)  #[H T 1]
#: sum softmax !sinks
total = e.sum(-1, keepdims=True)  #[H T 1]
#: sum features
total = s.sum(-1, keepdims=True)  #[H T 1]
#: sum
#= exp.master total[h, i]
#: weights softmax !blindRow
a = e / total  #[H T S]
#: weights softmax blindRow
a = e / np.where(total > 0, total, 1)  #[H T S]
#: decay fades !learnsDecay
gap = np.arange(s.shape[1])[:, None] - np.arange(s.shape[2])  #[T S] places between
gamma_h = 1 - 2.0 ** (-5 - np.arange(H))[:, None, None]  #[H 1 1]
decay = np.where(gap >= 0, gamma_h ** np.maximum(gap, 0), 0)  #[H T S]
#: decay learnsDecay
W_a = P["$B.decay.weight"]  #[H C]
b_a = P["$B.decay.bias"]
delta = (x @ W_a.T + b_a).T  #[H T]
kept = (1 / (1 + np.exp(-delta))) ** (1 / 16)  #[H T]
decay = np.tile(np.eye(s.shape[1]), (H, 1, 1))  #[H T S]
for t in range(1, s.shape[1]):
    decay[:, t, :t] = kept[:, t, None] * decay[:, t - 1, :t]
#: decay fades
#= decay[0] decay[h, i]
#: decay learnsDecay
#= kept[0] delta[h]
#= kept[-1] kept[h]
#: weights fades
a = decay * s  #[H T S]
#: weights product
a = s  #[H T S] the products themselves
#: weights linear
a = s / (total + 1e-6)  #[H T S]
#: weights drawn
a = s / np.maximum(total, 1e-300)  #[H T S] a row that sees nothing stays 0
#: weights
#= weights[0] a[h, i]
#: mix grouped
v = np.repeat(v, H // G, axis=0)  #[H S D]
#: mix
o = a @ v  #[H T D]
#: mix apart grouped
v_g = np.repeat(v_g, H // G, axis=0)  #[H S D]
#: mix apart
o[:, :n_g] = a[:, :n_g] @ v_g
#: mix
#= mix.master o[h, i]
#: head_norm fades
o_rms = np.sqrt((o ** 2).mean(-1, keepdims=True) + $eps)  #[H T 1]
o = o / o_rms  #[H T D]
#= norm[-1] o[h, i]
#: heads
joined = o.swapaxes(0, 1).reshape(-1, H * D)  #[T H*D]
#= heads joined[i].reshape(H, D)
#: gate opens
W_G = P["$B.gate.weight"]  #[H*D C]
b_G = P["$B.gate.bias"]
G_o = 1 / (1 + np.exp(-(x @ W_G.T + b_G)))  #[T H*D]
opened = G_o * joined  #[T H*D]
#= gate G_o[i].reshape(H, D)
#= opened opened[i].reshape(H, D)
#: output
W_O = P["$B.output.weight"]  #[C H*D]
b_O = P["$B.output.bias"]
y = $joined @ W_O.T + b_O  #[T C]
#= output.master y[i]
