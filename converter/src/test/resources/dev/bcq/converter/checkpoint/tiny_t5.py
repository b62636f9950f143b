"""Writes the folders tiny-t5 and tiny-t5-sharded beside it, with PyTorch 2.14.1: python tiny_t5.py ."""
import collections
import json
import os
import struct
import sys

import torch

out=sys.argv[1]
W,I,V,H=8,12,20,2
g=torch.Generator().manual_seed(11)
def t(*s): return 0.3*torch.randn(*s,generator=g)
D=collections.OrderedDict()
shared=t(V,W); D['shared.weight']=shared
for stack in ('encoder','decoder'):
    D[stack+'.embed_tokens.weight']=shared
    b=stack+'.block.0.layer.'
    def att(n):
        for p in 'qkvo': D[n+'.'+p+'.weight']=t(W,W)
    att(b+'0.SelfAttention')
    D[b+'0.SelfAttention.relative_attention_bias.weight']=t(8,H)
    D[b+'0.layer_norm.weight']=1+t(W)
    last=b+'1'
    if stack=='decoder':
        att(b+'1.EncDecAttention'); D[b+'1.layer_norm.weight']=1+t(W); last=b+'2'
    D[last+'.DenseReluDense.wi.weight']=t(I,W)
    # A view, as training code that fuses or transposes leaves behind.
    D[last+'.DenseReluDense.wo.weight']=t(I,W).t()
    D[last+'.layer_norm.weight']=1+t(W)
    D[stack+'.final_layer_norm.weight']=1+t(W)
D['lm_head.weight']=shared.clone()
one=out+'/tiny-t5'; two=out+'/tiny-t5-sharded'
os.makedirs(one,exist_ok=True); os.makedirs(two,exist_ok=True)
config={'model_type':'t5','d_model':W,'d_kv':W//H,'d_ff':I,'num_heads':H,'num_layers':1,'vocab_size':V,'relative_attention_num_buckets':8,'relative_attention_max_distance':16}
for d in (one,two):
    json.dump(config,open(d+'/config.json','w'),indent=2)
    json.dump({'decoder_start_token_id':0,'eos_token_id':1},open(d+'/generation_config.json','w'))
torch.save(D,one+'/pytorch_model.bin')
header={}; data=b''
for k,v in D.items():
    if 'embed_tokens' in k or k=='lm_head.weight': continue
    b=v.contiguous().numpy().tobytes()
    header[k]={'dtype':'F32','shape':list(v.shape),'data_offsets':[len(data),len(data)+len(b)]}; data+=b
h=json.dumps(header).encode()
open(one+'/model.safetensors','wb').write(struct.pack('<Q',len(h))+h+data)
ks=list(D); m={}
for n,part in enumerate((ks[:10],ks[10:])):
    f=f'pytorch_model-0000{n+1}-of-00002.bin'
    torch.save(collections.OrderedDict((k,D[k].clone()) for k in part),two+'/'+f)
    m.update({k:f for k in part})
json.dump({'metadata':{'total_size':sum(4*v.numel() for v in D.values())},'weight_map':m},open(two+'/pytorch_model.bin.index.json','w'),indent=1)
