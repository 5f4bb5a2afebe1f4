#: later last
top = $end  # this is the last layer
#: later_layer
f_$l = $call  # all of layer $l
#: later !last
top = $end  #[T C]
#: later
#= stream[-1] top[i]
#: normFinal
#= norm[-1] $to[i]
#: logits_of_decoder
dec = decoder($memory)  # reads what the encoder left
#: hidden mlp
W = P["output.hidden.weight"]  #[C C]
b = P["output.hidden.bias"]
hz = $head @ W.T + b  #[A C]
mu = hz.mean(-1, keepdims=True)
sd_h = np.sqrt(((hz - mu) ** 2).mean(-1, keepdims=True) + $headEps)
zn_h = (hz - mu) / sd_h
gamma_h, beta_h = P["output.norm.weight"], P["output.norm.bias"]
hx = gamma_h * zn_h + beta_h  #[A C]
hid = np.maximum(hx, 0)  #[A C]
#= relu[-1] hid[$a]
#: logits mlp
r = hid
#: logits !mlp
r = $head
#: logits tied
W_U = P["token_embedding.weight"]  #[Y C] the table of tokens
#: logits !tied
W_U = P["output.projection.weight"]  #[Y C]
#: logits
b_U = P["output.projection.bias"]
logits = r @ W_U.T + b_U  #[A Y]
#= logits.master logits[$a]
#: probabilities
p = np.exp(logits - logits.max(-1, keepdims=True))
p = p / p.sum(-1, keepdims=True)  #[A Y]
#= p[0] p[$a]
#: loss loss numbers
counts = np.flatnonzero(targets >= 0)  # positions that are asked
miss = logits - values  #[A Y]
square = 0.5 * miss ** 2  #[A Y]
#= loss[0] square.mean(-1)
L = square[counts].mean()
#= loss[0].master L
#: loss loss !numbers
counts = np.flatnonzero(targets >= 0)  # positions that have a target
L = -np.log(p[counts, targets[counts]]).mean()
#= loss[1].master L
