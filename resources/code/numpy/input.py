#: embedding,rows vectors
W_in = P["input_embedding.weight"]  #[C U]
b_in = P["input_embedding.bias"]
$e = $ids @ W_in.T + b_in  #[T C]
#: embedding,rows classToken
E_c = P["class_embedding.weight"]  #[1 C]
$e = np.concatenate([E_c, $e[1:]])  # the class token has a row of its own
#: embedding,rows !vectors
E = P["token_embedding.weight"]  #[V C]
b_E = P["token_embedding.bias"]
$e = E[$ids] + b_E  #[T C]
#: embedding,rows sinusoidal
c, at = np.arange(C), np.arange(len($ids))[:, None]
angle = at / 10000 ** (c // 2 * 2 / C)  #[T C]
PE = np.where(c % 2 == 0, np.sin(angle), np.cos(angle))
$e = $e + PE
#: embedding,rows learned
PE = P["position_embedding.weight"][:len($ids)]  #[T C]
$e = $e + PE
#: embedding,rows segments
ended = np.cumsum($ids == $segmentEnd) - ($ids == $segmentEnd)  # segments that ended before each token
E_s = P["segment_embedding.weight"]
$e = $e + E_s[np.minimum(ended, $segmentCount - 1)]  #[T C]
#: embedding,rows normedInput !rms
mu_e = $e.mean(-1, keepdims=True)  #[T 1]
$e = ($e - mu_e) / np.sqrt((($e - mu_e) ** 2).mean(-1, keepdims=True) + $eps)
#: embedding,rows normedInput rms
$e = $e / np.sqrt(($e ** 2).mean(-1, keepdims=True) + $eps)
#: embedding,rows normedInput
gamma_e = P["embedding_norm.weight"]  #[C]
beta_e = P["embedding_norm.bias"]
$e = gamma_e * $e + beta_e  #[T C] a norm behind the sum
#: input tokens post
#= x[0] x[i]
#= xkey[0] x[j]
#: input !first !cross
$z = $below.end  #[T C] what the layer below left
#: input cross
$z = $below.end  #[T C] what the self-attention left
#: input cross
m = $memory.end  #[S C] the encoder's rows
#: input post !first !cross
#= x[0] x[i]
#= xkey[0] x[j]
#: input post cross
#= x[0] x[i]
#= xkey[0] m[j]
#: normed !cross
#= x[0] x[i]
#= xkey[0] x[j]
#: normed cross
#= x[0] x[i]
#= xkey[0] m[j]
