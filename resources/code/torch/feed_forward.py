#: ffn_up gated
W_gate = P["$L.feed_forward.gate.weight"]  #[F C]
b_gate = P["$L.feed_forward.gate.bias"]
u_g = F.linear($reads, W_gate, b_gate)  #[T F]
#: ffn_up
W_up = P["$L.feed_forward.up.weight"]  #[F C]
b_up = P["$L.feed_forward.up.bias"]
u = F.linear($reads, W_up, b_up)  #[T F]
#= up.master u[i]
#: ffn_up gated
#= gate.master u_g[i]
#: ffn_bend relu
f = F.relu(u)  #[T F]
#: ffn_bend gelu
f = F.gelu(u)  #[T F]
#: ffn_bend tanh
f = F.gelu(u, approximate="tanh")  #[T F]
#: ffn_bend quick
f = u * torch.sigmoid(1.702 * u)  #[T F]
#: ffn_bend squared
f = F.relu(u) ** 2  #[T F]
#: ffn_bend gated
f = F.silu(u_g) * u  #[T F]
#: ffn_bend
#= bend[-1] f[i]
#: ffn_down
W_down = P["$L.feed_forward.down.weight"]  #[C F]
b_down = P["$L.feed_forward.down.bias"]
y$n = F.linear(f, W_down, b_down)  #[T C]
#= down.master y$n[i]
