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
hz = F.linear($head, W, b)  #[A C]
gamma_h, beta_h = P["output.norm.weight"], P["output.norm.bias"]
hid = F.relu(F.layer_norm(hz, (C,), gamma_h, beta_h, $headEps))  #[A C]
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
logits = F.linear(r, W_U, b_U)  #[A Y]
#= logits.master logits[$a]
#: probabilities
p = logits.softmax(-1)  #[A Y]
#= p[0] p[$a]
#: loss loss numbers
asked = targets >= 0
L = 0.5 * F.mse_loss(logits[asked], values[asked])
#= loss[0].master L
#: loss loss !numbers
L = F.cross_entropy(logits, targets, ignore_index=-1)
#= loss[1].master L
