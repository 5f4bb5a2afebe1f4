#: ffn_up gated
W_gate = P["$L.feed_forward.gate.weight"]  #[F C]
b_gate = P["$L.feed_forward.gate.bias"]
u_g = $reads @ W_gate.T + b_gate  #[T F]
#: ffn_up
W_up = P["$L.feed_forward.up.weight"]  #[F C]
b_up = P["$L.feed_forward.up.bias"]
u = $reads @ W_up.T + b_up  #[T F]
#= up.master u[i]
#: ffn_up gated
#= gate.master u_g[i]
#: ffn_bend relu
f = np.maximum(u, 0)  #[T F]
#: ffn_bend gelu
Phi = 0.5 * (1 + np.vectorize(math.erf)(u / np.sqrt(2)))  # chance of a normal number below u
f = u * Phi  #[T F]
#: ffn_bend tanh
th = np.tanh(np.sqrt(2 / np.pi) * (u + 0.044715 * u ** 3))
f = 0.5 * u * (1 + th)  #[T F]
#: ffn_bend quick
sig = 1 / (1 + np.exp(-1.702 * u))
f = u * sig  #[T F]
#: ffn_bend squared
f = np.maximum(u, 0) ** 2  #[T F]
#: ffn_bend gated
sig = 1 / (1 + np.exp(-u_g))
f = u_g * sig * u  #[T F] silu(u_g) u
#: ffn_bend
#= bend[-1] f[i]
#: ffn_down
W_down = P["$L.feed_forward.down.weight"]  #[C F]
b_down = P["$L.feed_forward.down.bias"]
y$n = f @ W_down.T + b_down  #[T C]
#= down.master y$n[i]
