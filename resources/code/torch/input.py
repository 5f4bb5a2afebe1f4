#: embedding,rows vectors
W_in = P["input_embedding.weight"]  #[C U]
b_in = P["input_embedding.bias"]
$e = F.linear($ids, W_in, b_in)  #[T C]
#: embedding,rows classToken
E_c = P["class_embedding.weight"]  #[1 C]
$e = torch.cat([E_c, $e[1:]])  # the class token has a row of its own
#: embedding,rows !vectors
E = P["token_embedding.weight"]  #[V C]
b_E = P["token_embedding.bias"]
$e = F.embedding($ids, E) + b_E  #[T C]
#: embedding,rows sinusoidal
c, at = torch.arange(C), torch.arange(len($ids))[:, None]
angle = at / 10000 ** (c // 2 * 2 / C)  #[T C]
PE = torch.where(c % 2 == 0, angle.sin(), angle.cos())
$e = $e + PE
#: embedding,rows learned
PE = P["position_embedding.weight"][:len($ids)]  #[T C]
$e = $e + PE
#: embedding,rows segments
ended = torch.cumsum($ids == $segmentEnd, 0) - ($ids == $segmentEnd).long()  # segments that ended before each token
E_s = P["segment_embedding.weight"]
$e = $e + E_s[ended.clamp(max=$segmentCount - 1)]  #[T C]
#: embedding,rows normedInput
gamma_e = P["embedding_norm.weight"]  #[C]
beta_e = P["embedding_norm.bias"]
#: embedding,rows normedInput !rms
$e = F.layer_norm($e, (C,), gamma_e, beta_e, $eps)  #[T C] a norm behind the sum
#: embedding,rows normedInput rms
$e = F.rms_norm($e, (C,), gamma_e, $eps)  #[T C] a norm behind the sum
#: input !first !cross
$z = $below.end  #[T C] what the layer below left
#: input cross
$z = $below.end  #[T C] what the self-attention left
m = $memory.end  #[S C] the encoder's rows
#: input tokens post; input post !first !cross; normed !cross
#= x[0] x[i]
#= xkey[0] x[j]
#: input post cross; normed cross
#= x[0] x[i]
#= xkey[0] m[j]
