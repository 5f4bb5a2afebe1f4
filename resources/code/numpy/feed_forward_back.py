#: d_ffn_down,ffn_back
df = $dy @ W_down  #[T F]
#: d_ffn_down
#= down.master df[i]
#: d_ffn_down_matrix
dW_down = $dy.T @ f  #[C F]
#= matrix dW_down
#: d_ffn_down_matrix feedBias
db_down = $dy.sum(0)  #[C]
#= matrix.lead db_down
#: d_ffn_bend,ffn_back relu
du = df * (u > 0)  #[T F]
#: d_ffn_bend,ffn_back gelu
du = df * (Phi + u * np.exp(-u ** 2 / 2) / np.sqrt(2 * np.pi))  #[T F]
#: d_ffn_bend,ffn_back tanh
inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * u ** 2)
du = df * 0.5 * (1 + th + u * (1 - th ** 2) * inner)  #[T F]
#: d_ffn_bend,ffn_back quick
du = df * sig * (1 + 1.702 * u * (1 - sig))  #[T F]
#: d_ffn_bend,ffn_back squared
du = df * 2 * np.maximum(u, 0)  #[T F]
#: d_ffn_bend,ffn_back gated
du = df * u_g * sig  #[T F]
du_g = df * u * (sig + u_g * sig * (1 - sig))  #[T F]
#: d_ffn_bend,ffn_shown !gated
#= bend[-1] du[i]
#: d_ffn_bend,ffn_shown gated
#= bend[-2] du[i]
#= bend[-1] du_g[i]
#: d_ffn_up,ffn_back !gated
$through = du @ W_up  #[T C]
#: d_ffn_up,ffn_back gated
$through = du_g @ W_gate + du @ W_up  #[T C]
#: d_ffn_up !gated
#= up.master $through[i]
#: d_ffn_up gated
#= both[0] $through[i]
#: d_ffn_up_matrix gated
dW_gate = du_g.T @ $reads  #[F C]
#= gate dW_gate
#: d_ffn_up_matrix
dW_up = du.T @ $reads  #[F C]
#= up dW_up
